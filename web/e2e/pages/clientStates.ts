// The pages on which system administrators register applications, and their main states.
import type { Page } from "@playwright/test";
import type { Words } from "../words.ts";
import { refused, type State } from "./state.ts";

const wiki = {
  client_id: "wiki",
  name: "Chronicle of the Lighthouse",
  auth_method: "client_secret",
  secrets: 1,
  keys: [],
  jwks_uri: null,
  redirect_uris: ["https://wiki.example/callback"],
  post_logout_redirect_uris: ["https://wiki.example/"],
  backchannel_logout_uri: null,
  origins: [],
  scopes: ["openid", "profile", "groups"],
  algorithm: "ES256",
  first_party: false,
  subject_type: "pairwise",
  pkce_optional: false,
  protected: false,
  registered_at: "2026-03-01T12:00:00Z",
  disabled_at: null,
};
const game = { ...wiki, client_id: "game", name: "Game on a phone", auth_method: "none", secrets: 0, disabled_at: "2026-03-02T12:00:00Z" };
const keyed = {
  ...wiki,
  client_id: "keyed",
  name: "Keyed",
  auth_method: "private_key_jwt",
  secrets: 0,
  jwks_uri: "https://keyed.example/jwks",
};
const path = "/api/v1/admin/clients";
const one = (client: typeof wiki | typeof game | typeof keyed, secrets = client.secrets) => ({
  [`${path}/${client.client_id}`]: { ...client, secrets },
});

async function registerEmpty(page: Page, t: Words) {
  await page.getByRole("button", { name: t("admin.clients.register") }).click();
  await page.getByText(t("field.REQUIRED")).first().waitFor();
}

async function secretShown(page: Page, t: Words) {
  await page.getByRole("button", { name: t("admin.clients.secret.add") }).click();
  await page.getByRole("dialog", { name: t("admin.clients.secret.title") }).waitFor();
}

async function deletion(page: Page, t: Words) {
  await page.getByRole("button", { name: t("admin.clients.delete") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: t("admin.clients.delete") }).click();
  await dialog.getByText(t("field.REQUIRED")).waitFor();
}

export const clientStates: State[] = (
  [
    {
      name: "admin-clients",
      path: "/admin/clients",
      answers: { [path]: { items: [wiki, game, { ...keyed, protected: true }], next_cursor: null } },
    },
    { name: "admin-clients-none", path: "/admin/clients?q=nothing", answers: { [path]: { items: [], next_cursor: null } } },
    { name: "admin-client-new", path: "/admin/clients/new" },
    { name: "admin-client-new-empty", path: "/admin/clients/new", act: registerEmpty },
    { name: "admin-client", path: "/admin/clients/wiki", answers: one(wiki) },
    { name: "admin-client-public", path: "/admin/clients/game", answers: one(game) },
    { name: "admin-client-keyed", path: "/admin/clients/keyed", answers: one(keyed) },
    { name: "admin-client-two-secrets", path: "/admin/clients/wiki", answers: one(wiki, 2) },
    {
      name: "admin-client-secret",
      path: "/admin/clients/wiki",
      answers: { ...one(wiki), [`${path}/wiki/secrets`]: { client: wiki, secret: "9mK2vPq8sT4xWz1cB6nR3yLfHjD7gA0eUoIbXkVtQwM" } },
      act: secretShown,
    },
    { name: "admin-client-delete", path: "/admin/clients/wiki", answers: one(wiki), act: deletion },
    { name: "admin-client-platform", path: "/admin/clients/portal" },
    { name: "admin-client-unknown", path: "/admin/clients/nobody", allow: refused(404) },
  ] satisfies Omit<State, "host" | "as">[]
).map((state) => ({ host: "id", as: "root", ...state }));
