import { gunzipSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { createLocalJWKSet, importJWK, jwtVerify, type JSONWebKeySet, type JWK } from "jose";
import { expect, journey, named, pick, textOf, unique } from "../journey.ts";
import { names } from "../people.ts";

const api = "/api/v1/gamification";

interface Badge {
  credentialStatus: { statusListCredential: string; statusListIndex: string };
  credentialSubject: { achievement: { id: string; name: string }; identifier?: { identityHash: string }[] };
}

/** Verifies a badge as another program would: with the keys that the community publishes. */
async function verified(page: Page, token: string) {
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
async function revoked(page: Page, token: string): Promise<boolean> {
  const { payload, keys } = await verified(page, token);
  const { statusListCredential, statusListIndex } = payload.credentialStatus;
  const list = await freshOf(page, new URL(statusListCredential).pathname);
  const { payload: signed } = await jwtVerify<{ id: string; credentialSubject: { encodedList: string } }>(list, keys, { typ: "vc+jwt" });
  expect(signed.id).toBe(statusListCredential);
  const bits = gunzipSync(Buffer.from(signed.credentialSubject.encodedList.slice(1), "base64url"));
  const index = Number(statusListIndex);
  return ((bits[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0;
}

journey(
  "a holder shows a badge to everybody, another program verifies it, and it says so when it is revoked",
  async ({ t, as, language }) => {
    const who = language === "en" ? "member" : "second"; // the journeys of both languages run at once
    const title = language === "en" ? "Regular" : "Завсегдатай";
    const reason = unique("Ten evenings");
    const manager = await as("admin", "/achievements");
    const list = JSON.parse(await textOf(manager.page, `${api}/achievements?q=Regular`)) as {
      items: { id: string; name_i18n: { en?: string } }[];
    };
    const achievement = `/achievements/${list.items.find((a) => a.name_i18n.en === "Regular")?.id}`;
    await manager.page.goto(achievement);
    await manager.page.getByRole("button", { name: t("achievements.grant"), exact: true }).click();
    const dialog = manager.page.getByRole("dialog");
    await pick(manager.page, dialog.getByRole("combobox", { name: t("achievements.grant.person") }), names[who]);
    await dialog.getByLabel(t("achievements.grant.reason")).fill(reason);
    await dialog.getByRole("button", { name: t("achievements.grant"), exact: true }).click();
    await expect(manager.page.getByText(reason)).toBeVisible();

    // The holder switches the page on, and names no one.
    const holder = await as(who, achievement);
    await holder.page.getByRole("button", { name: t("achievements.share"), exact: true }).click();
    await holder.page.getByRole("switch", { name: named(t("achievements.share.link")) }).click();
    const address = await holder.page.getByLabel(t("achievements.share.address")).inputValue();
    const path = new URL(address).pathname;

    const guest = await as(undefined, path);
    await expect(guest.page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await expect(guest.page.getByText(t("badges.state.valid"), { exact: true })).toBeVisible();
    await expect(guest.page.getByText(names[who])).toHaveCount(0);
    await expect(guest.page.locator('meta[property="og:image"]')).toHaveAttribute("content", /badges\/shared\/.*\/image$/);
    await guest.page.getByRole("button", { name: t("badges.verify"), exact: true }).click();
    await expect(guest.page.getByText(t("badges.verified"))).toBeVisible();

    // Another program verifies the file, refuses one with another byte, and finds it not revoked.
    const shared = `${api}/badges/shared${path.replace("/badges", "")}`;
    const token = await textOf(guest.page, `${shared}/credential`);
    const { payload, keys, options } = await verified(guest.page, token);
    expect(payload.credentialSubject.identifier).toBeUndefined();
    expect(await textOf(guest.page, new URL(payload.credentialSubject.achievement.id).pathname)).toContain(
      payload.credentialSubject.achievement.name,
    );
    for (const at of [5, Math.floor(token.length / 2), token.length - 40]) {
      const other = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
      await expect(jwtVerify(other, keys, options)).rejects.toThrow();
    }
    expect(await revoked(guest.page, token)).toBe(false);

    // Revoked: the page says so, and so does the list.
    await manager.page
      .getByRole("listitem")
      .filter({ hasText: reason })
      .getByRole("button", { name: t("achievements.revoke.of", { name: names[who] }) })
      .click();
    await manager.page
      .getByRole("alertdialog")
      .or(manager.page.getByRole("dialog"))
      .getByRole("button", { name: t("achievements.revoke"), exact: true })
      .click();
    await expect(manager.page.getByText(reason)).toHaveCount(0);
    expect(await revoked(guest.page, token)).toBe(true);
    await guest.page.reload();
    await guest.page.getByRole("button", { name: t("badges.verify"), exact: true }).click();
    await expect(guest.page.getByText(t("badges.refused"))).toBeVisible();

    // The holder withdraws the page.
    await holder.page.getByRole("switch", { name: named(t("achievements.share.link")) }).click();
    await expect(holder.page.getByLabel(t("achievements.share.address"))).toHaveCount(0);
    await guest.page.reload();
    await expect(guest.page.getByText(t("badges.unknown"))).toBeVisible();
  },
  /status of 404/,
);
