// Badges as another program reads them: by what the community publishes, with npm's jose.
import { gunzipSync } from "node:zlib";
import { expect, type Page } from "@playwright/test";
import { createLocalJWKSet, importJWK, jwtVerify, type JSONWebKeySet, type JWK } from "jose";
import { textOf } from "./journey.ts";

export const api = "/api/v1/gamification";

interface Badge {
  credentialStatus: { statusListCredential: string; statusListIndex: string };
  credentialSubject: { achievement: { id: string; name: string }; identifier?: { identityHash: string }[] };
}

/** Verifies a badge as another program would: with the keys that the community publishes. */
export async function verified(page: Page, token: string) {
  const keys = createLocalJWKSet(JSON.parse(await textOf(page, `${api}/badges/issuer/jwks.json`)) as JSONWebKeySet);
  const document = JSON.parse(await textOf(page, "/.well-known/did.json")) as {
    id: string;
    assertionMethod: string[];
    verificationMethod: { id: string; publicKeyJwk: JWK }[];
  };
  const options = { issuer: document.id, algorithms: ["RS256"], typ: "JWT" };
  const { payload, protectedHeader } = await jwtVerify<Badge>(token, keys, options);
  expect(document.assertionMethod).toContain(protectedHeader.kid);
  const key = document.verificationMethod.find((m) => m.id === protectedHeader.kid);
  await jwtVerify(token, await importJWK(key?.publicKeyJwk ?? {}, "RS256"), options);
  return { payload, keys, options };
}

/** What an address has now: a copy of a minute ago may do for other programs. */
const freshOf = (page: Page, address: string) => page.evaluate(async (a) => (await fetch(a, { cache: "no-store" })).text(), address);

/** Whether the published list says that a badge is not valid any more. */
export async function revoked(page: Page, token: string): Promise<boolean> {
  const { payload, keys } = await verified(page, token);
  const { statusListCredential, statusListIndex } = payload.credentialStatus;
  const list = await freshOf(page, new URL(statusListCredential).pathname);
  const { payload: signed } = await jwtVerify<{ id: string; credentialSubject: { encodedList: string } }>(list, keys, { typ: "vc+jwt" });
  expect(signed.id).toBe(statusListCredential);
  const bits = gunzipSync(Buffer.from(signed.credentialSubject.encodedList.slice(1), "base64url"));
  const index = Number(statusListIndex);
  return ((bits[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0;
}
