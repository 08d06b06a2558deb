// The page on which system administrators replace keys, and its main states.
import type { Page } from "@playwright/test";
import type { Words } from "../words.ts";
import { refused, type State } from "./state.ts";

const path = "/api/v1/admin/keys";
const active = (algorithm: string, id: string) => ({
  id: `019a3f6e-2b6c-7c3e-9a53-5d2f2f0c9a${id}`,
  algorithm,
  state: "active",
  created_at: "2026-03-01T11:45:00Z",
  signs_from: "2026-03-01T12:00:00Z",
  signs_to: "2026-03-31T12:00:00Z",
  published_to: "2026-04-01T12:00:00Z",
});
const signing = [active("ES256", "10"), active("RS256", "11"), active("EdDSA", "12")];
const rotating = [
  { ...active("ES256", "09"), state: "retired" },
  ...signing,
  { ...active("RS256", "13"), state: "next", signs_from: "2026-03-31T12:15:00Z" },
];
const k1 = { id: "k1", state: "newest", secrets: 124 };
const seal = [
  { ...k1, id: "2026-03", secrets: 4 },
  { ...k1, state: "old", secrets: 1200 },
];
const missing = [k1, { id: "k0", state: "missing", secrets: 3 }];

async function ask(page: Page, t: Words, button: string, title: string) {
  await page.getByRole("button", { name: button }).first().click();
  const dialog = page.getByRole("dialog", { name: title });
  await dialog.getByRole("button", { name: button }).click();
  await dialog.getByText(t("field.REQUIRED")).waitFor();
}

export const keyStates: State[] = (
  [
    { name: "admin-keys", path: "/admin/keys" },
    { name: "admin-keys-rotating", path: "/admin/keys", answers: { [path]: { signing: rotating, seal } } },
    { name: "admin-keys-missing", path: "/admin/keys", answers: { [path]: { signing, seal: missing } } },
    {
      name: "admin-keys-rotate",
      path: "/admin/keys",
      answers: { [path]: { signing, seal: [k1] } },
      act: (page, t) => ask(page, t, t("admin.keys.rotate", { algorithm: "ES256" }), t("admin.keys.rotate.title", { algorithm: "ES256" })),
    },
    {
      name: "admin-keys-retire",
      path: "/admin/keys",
      answers: { [path]: { signing, seal: [k1] } },
      act: (page, t) => ask(page, t, t("admin.keys.retire"), t("admin.keys.retire.title", { algorithm: "ES256" })),
    },
    {
      name: "admin-keys-reseal",
      path: "/admin/keys",
      answers: { [path]: { signing, seal } },
      act: (page, t) => ask(page, t, t("admin.keys.reseal"), t("admin.keys.reseal.title")),
    },
    { name: "admin-keys-error", path: "/admin/keys", answers: { [path]: 503 }, allow: refused(503) },
  ] satisfies Omit<State, "host" | "as">[]
).map((state) => ({ host: "id", as: "root", ...state }));
