import type { portal } from "@updspace/api";
import { FakeServer, refuse } from "@updspace/kit/testing/server.ts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { render } from "vitest-browser-react";
import { bootWith, Frame, me } from "../../testing.tsx";

bootWith();
const { Composer } = await import("./Composer.tsx");

type Post = portal.components["schemas"]["Post"];

let server: FakeServer<portal.paths>;

beforeEach(() => {
  localStorage.clear();
  server = new FakeServer<portal.paths>()
    .on("get", "/api/v1/portal/people/lookup", () => ({ people: [] }))
    .on("get", "/api/v1/portal/me/groups", () => ({ items: [], next_cursor: null }));
  vi.stubGlobal("fetch", server.fetch);
});
afterEach(() => vi.unstubAllGlobals());

const made: Post = {
  id: "01890a5d-ac96-774b-bcce-b302099a8057",
  tenant_id: "00000000-0000-0000-0000-000000000001",
  community_id: null,
  team_id: null,
  title: "Saturday",
  body: "At eight.",
  body_html: "<p>At eight.</p>",
  visibility: "public",
  created_by: me,
  created_at: "2026-03-01T12:00:00Z",
  updated_at: "2026-03-01T12:00:00Z",
  edited: false,
  version: 1,
  attachments: [],
};

async function show() {
  const screen = await render(<Composer open />, { wrapper: Frame });
  return {
    screen,
    title: screen.getByLabelText(/^Title/),
    text: screen.getByRole("textbox", { name: "Text" }),
    publish: screen.getByRole("button", { name: "Publish" }),
  };
}

test("what was written is there again after a reload, and gone once it is published", async () => {
  server.on("post", "/api/v1/portal/posts", () => made);
  const first = await show();
  await first.title.fill("Saturday");
  await first.text.fill("At eight.");
  await expect.poll(() => localStorage.length).toBe(1);
  await first.screen.unmount();
  const second = await show();
  await expect.element(second.title).toHaveValue("Saturday");
  await expect.element(second.text).toHaveValue("At eight.");
  await second.publish.click();
  await expect.element(second.title).toHaveValue("");
  expect(localStorage.length).toBe(0);
});

test("a repeated attempt is the same request, until the text is another one", async () => {
  const sent: { id: string | null; title: string }[] = [];
  server.on("post", "/api/v1/portal/posts", ({ title }, request) => {
    sent.push({ id: request.headers.get("X-Request-Id"), title });
    return sent.length < 3 ? refuse(500, "INTERNAL_ERROR") : made;
  });
  const { screen, title, publish } = await show();
  await title.fill("Saturday");
  await publish.click();
  await expect.element(screen.getByRole("alert")).toBeVisible();
  await publish.click();
  await expect.poll(() => sent.length).toBe(2);
  await expect.element(title).toHaveValue("Saturday");
  await title.fill("Sunday");
  await publish.click();
  await expect.element(title).toHaveValue("");
  expect(sent.map((s) => s.title)).toEqual(["Saturday", "Saturday", "Sunday"]);
  expect(sent[1]?.id).toBe(sent[0]?.id);
  expect(sent[2]?.id).not.toBe(sent[0]?.id);
});
