// A typed fake of a server behind fetch, for component tests.
type Method = "get" | "post" | "put" | "patch" | "delete";

type Json<T> = { content: { "application/json": T } };

/** What an operation answers with 200 or 201. */
type Answer<Paths, P extends keyof Paths, M extends Method> =
  Paths[P] extends Record<M, { responses: { 200: Json<infer T> } }>
    ? T
    : Paths[P] extends Record<M, { responses: { 201: Json<infer T> } }>
      ? T
      : Paths[P] extends Record<M, { responses: { 204: unknown } }>
        ? undefined
        : never;

/** What an operation takes. */
type Body<Paths, P extends keyof Paths, M extends Method> =
  Paths[P] extends Record<M, { requestBody: { content: { "application/json": infer T } } }> ? T : undefined;

interface Failure {
  status: number;
  code: string;
  fields?: Record<string, string>;
  /** Seconds. */
  retryAfter?: number;
}

/** An answer that is an error, in the envelope of every service. */
export class Refusal {
  constructor(readonly failure: Failure) {}
}

export const refuse = (status: number, code: string, more: Omit<Failure, "status" | "code"> = {}) => new Refusal({ status, code, ...more });

function response(answer: unknown): Response {
  if (answer === undefined) return new Response(null, { status: 204 });
  if (!(answer instanceof Refusal)) return Response.json(answer);
  const { status, code, fields, retryAfter } = answer.failure;
  return Response.json(
    { error: { code, message: `${code} in the server's words`, details: fields ? { fields } : {}, request_id: "request-1" } },
    { status, headers: retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) } },
  );
}

/** A fake server: it answers what a test says, and what a test does not expect fails it. */
export class FakeServer<Paths> {
  private readonly handlers = new Map<string, (body: unknown, request: Request) => unknown>();
  /** The operations that were called, such as "post /api/v1/auth/login". */
  readonly calls: string[] = [];

  on<P extends keyof Paths & string, M extends Method>(
    method: M,
    path: P,
    answer: (body: Body<Paths, P, M>, request: Request) => Answer<Paths, P, M> | Refusal,
  ): this {
    this.handlers.set(`${method} ${path}`, (body, request) => answer(body as Body<Paths, P, M>, request)); // what the typed client has sent
    return this;
  }

  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const call = `${request.method.toLowerCase()} ${new URL(request.url).pathname}`;
    const handler = this.handlers.get(call);
    if (!handler) throw new Error(`nothing answers ${call}`);
    this.calls.push(call);
    const text = await request.text();
    return response(handler(text ? JSON.parse(text) : undefined, request));
  };
}
