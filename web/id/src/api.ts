// The one way to identity, on its own host. No component calls fetch. The session is a cookie that scripts cannot read; the server
// tells other sites' requests by their Sec-Fetch-Site and Origin headers, so that there is no CSRF token.
import { createIdentityClient } from "@updspace/api";
import { ApiError, send } from "@updspace/kit/answer.ts";
import { signInAddress } from "./boot.ts";

export const identity = createIdentityClient({ baseUrl: location.origin, credentials: "same-origin", fetch: send });

/** Whether the session is over: the person has to sign in again. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/** Goes to the sign-in page and comes back, when the session is over; throws every other error on. */
export function orSignIn(error: unknown): never {
  if (isSignedOut(error)) location.assign(signInAddress());
  throw error;
}
