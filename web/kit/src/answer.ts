// What a call to a server answered: its data, or an ApiError. Both frontends use it; their clients are api.ts (the gateway's) and
// web/id/src/api.ts (identity's).
import { errorBody } from "@updspace/api";

export interface FieldReason {
  field: string;
  code: string;
  params?: Record<string, string | number>;
}

/** A failed call: the envelope of every service (libs/errs), or what is known when something else answered. */
export class ApiError extends Error {
  override name = "ApiError";
  constructor(
    /** 0 when no answer came. */
    readonly status: number,
    readonly code: string,
    message: string,
    /** The server's English sentence for each field. */
    readonly fields: Readonly<Record<string, string>>,
    readonly reasons: readonly FieldReason[],
    /** Seconds to wait; undefined unless status is 429 or 503. */
    readonly retryAfter: number | undefined,
    readonly requestId: string,
    readonly details: Readonly<Record<string, unknown>>,
  ) {
    super(message);
  }
}

/** Failures that may be gone in a moment: no network, or a service that restarts. */
export function isTransient(error: unknown): boolean {
  return error instanceof ApiError && [0, 502, 503, 504].includes(error.status);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function texts(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(record(value)).flatMap(([k, v]) => (typeof v === "string" ? [[k, v]] : [])));
}

function reasons(value: unknown): FieldReason[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((v: unknown) => {
    const r = record(v);
    if (typeof r["field"] !== "string" || typeof r["code"] !== "string") return [];
    const params = Object.entries(record(r["params"])).flatMap(([k, p]) =>
      typeof p === "number" || typeof p === "string" ? [[k, p] as const] : [],
    );
    return [{ field: r["field"], code: r["code"], params: Object.fromEntries(params) }];
  });
}

function failure(error: unknown, response: Response): ApiError {
  const body = errorBody(error);
  const wait = Number(response.headers.get("Retry-After"));
  return new ApiError(
    response.status,
    body?.code ?? "UNKNOWN",
    body?.message ?? response.statusText,
    texts(body?.details["fields"]),
    reasons(body?.details["reasons"]),
    wait > 0 ? wait : undefined,
    body?.request_id ?? response.headers.get("X-Request-Id") ?? "",
    body?.details ?? {},
  );
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of a call, or an ApiError. Operations without a body (204) give undefined. */
export async function ok<T>(call: Promise<Answer<T>>): Promise<T> {
  const answer = await call;
  if (!answer.response.ok) throw failure(answer.error, answer.response);
  return answer.data as T; // openapi-fetch leaves it out exactly when there is no body
}

/** What React does with an error that a page has caught. That a server refused is no fault of the program, and the page says it. */
export function onCaughtError(error: unknown): void {
  if (!(error instanceof ApiError)) console.error(error);
}

/** Fetches; without an answer it throws an ApiError with the status 0. */
export async function send(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (e) {
    if (request.signal.aborted) throw e;
    throw unreachable(request);
  }
}

/** No answer came. */
export function unreachable(request: Request): ApiError {
  return new ApiError(0, "NETWORK", "No connection", {}, [], undefined, request.headers.get("X-Request-Id") ?? "", {});
}
