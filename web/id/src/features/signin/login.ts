import { ApiError, ok } from "@updspace/kit/answer.ts";
import type { WriteHeaders } from "@updspace/kit/queries.ts";
import { identity } from "../../api.ts";

export interface Credentials {
  email: string;
  password: string;
}

async function newToken(): Promise<string> {
  return (await ok(identity.GET("/api/v1/auth/form_token", { params: { query: { purpose: "login" } } }))).form_token;
}

/** Signs in with the form token that came with the page. A page can wait for longer than its token holds: then with a new one, once. */
export function signer(first: string | undefined) {
  let token = first;
  return async (credentials: Credentials, headers: WriteHeaders): Promise<void> => {
    const send = (form_token: string, headers?: WriteHeaders) =>
      ok(identity.POST("/api/v1/auth/login", { body: { ...credentials, form_token }, ...(headers && { headers }) }));
    try {
      await send((token ??= await newToken()), headers);
    } catch (e) {
      if (!(e instanceof ApiError) || e.code !== "INVALID_FORM_TOKEN") throw e;
      token = await newToken();
      await send(token);
    }
  };
}
