import createClient, { type Client, type ClientOptions, type Middleware } from "openapi-fetch";

/** A typed client of one spec: `client.GET("/api/v1/...", { params })` answers `{ data, error, response }`. */
export type ApiClient<Paths extends {}> = Client<Paths>;

export interface ApiClientOptions extends ClientOptions {
  /** The CSRF token for unsafe methods. By default the value of the cookie `updspace_csrf`. */
  csrfToken?: () => string | undefined;
  /** Names a request. By default a random UUID, which also makes a repeated create return the first result. */
  requestId?: () => string;
}

/** The body every failure carries, in every service. */
export interface ErrorBody {
  code: string;
  message: string;
  details: Record<string, unknown>;
  request_id: string;
}

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** Builds a client that sends the session cookie, a request id and, on unsafe methods, the CSRF token. */
export function apiClient<Paths extends {}>(options: ApiClientOptions = {}): ApiClient<Paths> {
  const { csrfToken = csrfFromCookie, requestId = () => crypto.randomUUID(), ...rest } = options;
  const client = createClient<Paths>({ credentials: "include", ...rest });
  const context: Middleware = {
    onRequest({ request }) {
      if (!request.headers.has("X-Request-Id")) request.headers.set("X-Request-Id", requestId());
      const token = safeMethods.has(request.method) ? undefined : csrfToken();
      if (token !== undefined) request.headers.set("X-CSRF-Token", token);
      return request;
    },
  };
  client.use(context);
  return client;
}

/** Reads the envelope out of what a failed call returned; undefined if it is none, as when a proxy answered instead. */
export function errorBody(error: unknown): ErrorBody | undefined {
  if (typeof error !== "object" || error === null || !("error" in error)) return undefined;
  const body = error.error;
  if (typeof body !== "object" || body === null || !("code" in body) || typeof body.code !== "string") return undefined;
  return body as ErrorBody;
}

function csrfFromCookie(): string | undefined {
  if (typeof document === "undefined") return undefined;
  const match = /(?:^|;\s*)updspace_csrf=([^;]*)/.exec(document.cookie);
  return match?.[1] === undefined ? undefined : decodeURIComponent(match[1]);
}
