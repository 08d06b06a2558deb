// What the gamification service signs as Open Badges, verified by another library: npm's jose.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { createLocalJWKSet, importJWK, jwtVerify, type JSONWebKeySet, type JWK } from "jose";
import { expect, test } from "vitest";

const folder = new URL("../../gamification/openbadge/testdata/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), "utf8");

const badge = read("badge.jwt");
const published = createLocalJWKSet(JSON.parse(read("jwks.json")) as JSONWebKeySet);
const issuer = "did:web:aef.updspace.com";

interface Document {
  id: string;
  assertionMethod: string[];
  verificationMethod: { id: string; controller: string; publicKeyJwk: JWK }[];
}

interface Badge {
  "@context": string[];
  id: string;
  type: string[];
  issuer: { id: string; name: string };
  validFrom: string;
  validUntil: string;
  credentialSubject: { id: string; achievement: { name: string } };
  credentialStatus: { type: string; statusListCredential: string; statusListIndex: string; statusPurpose: string };
}

interface StatusList {
  id: string;
  type: string[];
  issuer: string;
  credentialSubject: { type: string[]; statusPurpose: string; encodedList: string };
}

/** The options of a reader who knows the issuer, at a time when the badge is valid. */
const options = { issuer, algorithms: ["RS256"], currentDate: new Date("2026-03-02T12:00:00Z"), typ: "JWT" };

const verify = async (token: string) => (await jwtVerify<Badge>(token, published, options)).payload;

/** The bit of a signed status list at an index: 0 is the left-most. */
async function bit(token: string, index: number): Promise<{ list: StatusList; set: boolean; size: number }> {
  const { payload: list } = await jwtVerify<StatusList>(token, published, { currentDate: options.currentDate, typ: "vc+jwt" });
  const { encodedList } = list.credentialSubject;
  expect(encodedList[0]).toBe("u");
  const bits = gunzipSync(Buffer.from(encodedList.slice(1), "base64url"));
  return { list, set: ((bits[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0, size: bits.length * 8 };
}

test("the badge is verified with the published keys, and its claims are those of the credential", async () => {
  const payload = await verify(badge);
  expect(payload["@context"]).toEqual([
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
  ]);
  expect(payload.type).toEqual(["VerifiableCredential", "OpenBadgeCredential"]);
  expect(payload.credentialSubject.achievement.name).toBe("Первопроходец");
  expect(payload.iss).toBe(payload.issuer.id);
  expect(payload.jti).toBe(payload.id);
  expect(payload.sub).toBe(payload.credentialSubject.id);
  expect(payload.nbf).toBe(Date.parse(payload.validFrom) / 1000);
  expect(payload.exp).toBe(Date.parse(payload.validUntil) / 1000);
});

test("the DID document has the same key, for assertions", async () => {
  const document = JSON.parse(read("did.json")) as Document;
  expect(document.id).toBe(issuer);
  const [header] = badge.split(".");
  const { kid } = JSON.parse(Buffer.from(header ?? "", "base64url").toString()) as { kid: string };
  expect(document.assertionMethod).toContain(kid);
  const method = document.verificationMethod.find((m) => m.id === kid);
  expect(method?.controller).toBe(issuer);
  await jwtVerify(badge, await importJWK(method?.publicKeyJwk ?? {}, "RS256"), options);
});

test("a badge with another byte in its header, payload or signature is refused", async () => {
  const other = (c: string | undefined) => (c === "A" ? "B" : "A");
  const parts = badge.split(".");
  for (const [part, text] of parts.entries()) {
    // Not the last character: its low bits are no data, which jose lets pass and our own verifier does not.
    for (let at = 0; at < text.length - 1; at += part === 1 ? 97 : 13) {
      const changed = parts.with(part, text.slice(0, at) + other(text[at]) + text.slice(at + 1)).join(".");
      await expect(verify(changed), `part ${part}, character ${at}`).rejects.toThrow();
    }
  }
});

test("the badge is refused outside of its time and for another issuer", async () => {
  const at = (date: string) => jwtVerify(badge, published, { ...options, currentDate: new Date(date) });
  await expect(at("2026-03-01T11:59:59Z")).rejects.toThrow("nbf");
  await expect(at("2027-03-01T12:00:00Z")).rejects.toThrow("exp");
  await expect(jwtVerify(badge, published, { ...options, issuer: "did:web:bef.updspace.com" })).rejects.toThrow("iss");
});

test("the status list says that the badge is revoked, once it is", async () => {
  const { credentialStatus: status } = await verify(badge);
  expect(status.type).toBe("BitstringStatusListEntry");
  const index = Number(status.statusListIndex);
  for (const [name, revoked] of [
    ["list.jwt", false],
    ["list-revoked.jwt", true],
  ] as const) {
    const found = await bit(read(name), index);
    expect(found.list.id).toBe(status.statusListCredential);
    expect(found.list.issuer).toBe(issuer);
    expect(found.list.credentialSubject.statusPurpose).toBe(status.statusPurpose);
    expect(found.size).toBeGreaterThanOrEqual(131_072);
    expect(found.set).toBe(revoked);
    expect((await bit(read(name), index - 1)).set).toBe(false);
  }
});

test("the image with the badge in it is the image, and gives the badge back", () => {
  const chunks = (name: string) => {
    const image = readFileSync(new URL(name, folder));
    const found: { kind: string; data: Buffer }[] = [];
    for (let at = 8; at < image.length;) {
      const length = image.readUInt32BE(at);
      found.push({ kind: image.toString("latin1", at + 4, at + 8), data: image.subarray(at + 8, at + 8 + length) });
      at += length + 12;
    }
    return found;
  };
  const baked = chunks("badge.png");
  expect(baked.filter((c) => c.kind !== "iTXt")).toEqual(chunks("picture.png"));
  const texts = baked.filter((c) => c.kind === "iTXt").map((c) => c.data.toString());
  expect(texts).toEqual([`openbadgecredential\0\0\0\0\0${badge}`]);
});
