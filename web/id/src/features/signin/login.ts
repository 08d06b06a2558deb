import type { identity as api } from "@updspace/api";
import { ApiError, ok } from "@updspace/kit/answer.ts";
import type { WriteHeaders } from "@updspace/kit/queries.ts";
import { identity } from "../../api.ts";
import type { Credential, Options } from "../../passkeys.ts";

export interface Credentials {
  email: string;
  password: string;
  /** What the second step takes, one of the three. */
  mfa_code?: string;
  recovery_code?: string;
  passkey_credential?: Credential;
}

export type SignedIn = api.components["schemas"]["LoginResult"];

async function newToken(): Promise<string> {
  return (await ok(identity.GET("/api/v1/auth/form_token", { params: { query: { purpose: "login" } } }))).form_token;
}

/** Signs in with the form token that came with the page. A page can wait for longer than its token holds: then with a new one, once. */
export function signer(first: string | undefined) {
  let token = first;
  return async (credentials: Credentials, headers: WriteHeaders): Promise<SignedIn> => {
    const send = (form_token: string, headers?: WriteHeaders) =>
      ok(identity.POST("/api/v1/auth/login", { body: { ...credentials, form_token }, ...(headers && { headers }) }));
    try {
      return await send((token ??= await newToken()), headers);
    } catch (e) {
      if (!(e instanceof ApiError) || e.code !== "INVALID_FORM_TOKEN") throw e;
      token = await newToken();
      return send(token);
    }
  };
}

/** What the second step takes. */
export interface Second {
  ways: readonly string[];
  options: Options | undefined;
}

/** What an answer demands besides the password; undefined when it demands nothing. */
export function secondStep(error: Error | null): Second | undefined {
  if (!(error instanceof ApiError) || error.code !== "MFA_REQUIRED") return undefined;
  const { ways, request_options } = error.details;
  return {
    ways: Array.isArray(ways) ? ways.filter((w) => typeof w === "string") : [],
    options: typeof request_options === "object" && request_options !== null ? { ...request_options } : undefined,
  };
}
