// The pages on which system administrators make, change and close communities, and their main states.
import type { Page } from "@playwright/test";
import type { Words } from "../words.ts";
import { refused, type State } from "./state.ts";

const path = "/api/v1/admin/tenants";
const lighthouse = {
  id: "00000000-0000-4000-8000-0000000000a1",
  slug: "lighthouse",
  name: "Lighthouse of the long evenings",
  description: "We play in the evenings and talk about it in the mornings.",
  hue: 210,
  chroma: 0.12,
  languages: ["en", "ru"],
  default_language: "ru",
  membership: "application",
  version: 3,
  url: "http://lighthouse.localhost:8080",
  members: 42,
  created_at: "2026-03-01T12:00:00Z",
  closed_at: null,
};
const closed = {
  ...lighthouse,
  id: "00000000-0000-4000-8000-0000000000a2",
  slug: "harbour",
  name: "Harbour",
  members: 0,
  closed_at: "2026-03-08T12:00:00Z",
};
const one = (tenant: typeof lighthouse | typeof closed) => ({ [`${path}/${tenant.slug}`]: tenant });

async function makeEmpty(page: Page, t: Words) {
  await page.getByRole("button", { name: t("admin.tenants.make") }).click();
  await page.getByText(t("field.REQUIRED")).first().waitFor();
}

async function closing(page: Page, t: Words) {
  await page.getByRole("button", { name: t("admin.tenants.close") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: t("admin.tenants.close") }).click();
  await dialog.getByText(t("field.REQUIRED")).waitFor();
}

export const tenantStates: State[] = (
  [
    { name: "admin-tenants", path: "/admin/tenants", answers: { [path]: { items: [closed, lighthouse], next_cursor: null } } },
    { name: "admin-tenants-none", path: "/admin/tenants?q=nothing", answers: { [path]: { items: [], next_cursor: null } } },
    { name: "admin-tenants-failed", path: "/admin/tenants", answers: { [path]: 500 }, allow: refused(500) },
    { name: "admin-tenant-new", path: "/admin/tenants/new" },
    { name: "admin-tenant-new-empty", path: "/admin/tenants/new", act: makeEmpty },
    { name: "admin-tenant", path: "/admin/tenants/lighthouse", answers: one(lighthouse) },
    { name: "admin-tenant-closed", path: "/admin/tenants/harbour", answers: one(closed) },
    { name: "admin-tenant-close", path: "/admin/tenants/lighthouse", answers: one(lighthouse), act: closing },
    { name: "admin-tenant-unknown", path: "/admin/tenants/nobody", allow: refused(404) },
  ] satisfies Omit<State, "host" | "as">[]
).map((state) => ({ host: "id", as: "root", ...state }));
