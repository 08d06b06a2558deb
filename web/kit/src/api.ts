// The one way of the portal to the servers. No component calls fetch.
import {
  createAccessClient,
  createActivityClient,
  createBffClient,
  createEventsClient,
  createGamificationClient,
  createIdentityClient,
  createPortalClient,
  createVotingClient,
  errorBody,
  type ApiClientOptions,
} from "@updspace/api";
import { send as overFetch } from "./answer.ts";
import { signInAgain } from "./reauthentication.ts";

export { ApiError, isTransient, ok, type FieldReason } from "./answer.ts";

const csrfPath = "/api/v1/csrf";

async function codeOf(response: Response): Promise<string | undefined> {
  try {
    return errorBody(await response.clone().json())?.code;
  } catch {
    return undefined; // not JSON: not one of ours
  }
}

/** Sends, and mends a CSRF token that is missing or of another session. */
async function sendWithToken(request: Request, send: typeof overFetch): Promise<Response> {
  const again = request.clone();
  const response = await send(request);
  if (response.status === 403 && (await codeOf(response)) === "CSRF_FAILED") {
    await fetch(csrfPath, { credentials: "include" });
    const token = /(?:^|;\s*)updspace_csrf=([^;]*)/.exec(document.cookie)?.[1];
    const headers = new Headers(again.headers);
    headers.set("X-CSRF-Token", decodeURIComponent(token ?? ""));
    return send(new Request(again, { headers }));
  }
  return response;
}

/** Sends, and mends what can be mended: the CSRF token without the person, an ended session with them. */
export async function gateway(request: Request, send = overFetch): Promise<Response> {
  const again = request.clone();
  const response = await sendWithToken(request, send);
  if (response.status === 401 && (await signInAgain())) return sendWithToken(again, send);
  return response;
}

const options: ApiClientOptions = { baseUrl: location.origin, fetch: (request) => gateway(request) };

export const access = createAccessClient(options);
export const activity = createActivityClient(options);
export const bff = createBffClient(options);
export const events = createEventsClient(options);
export const gamification = createGamificationClient(options);
export const identity = createIdentityClient(options);
export const portal = createPortalClient(options);
export const voting = createVotingClient(options);
