import type { portal } from "@updspace/api";
import { FakeServer, refuse } from "@updspace/kit/testing/server.ts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { render } from "vitest-browser-react";
import { bootWith, Frame, me } from "../../testing.tsx";

bootWith();
const { EditPost } = await import("./EditPost.tsx");

type Post = portal.components["schemas"]["Post"];

const id = "01890a5d-ac96-774b-bcce-b302099a8057";
const before: Post = {
  id,
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
const theirs: Post = { ...before, body: "At nine.", edited: true, version: 2 };

let sent: portal.components["schemas"]["PostUpdate"][];

beforeEach(() => {
  localStorage.clear();
  sent = [];
  const server = new FakeServer<portal.paths>().on("get", `/api/v1/portal/posts/${id}` as "/api/v1/portal/posts/{post_id}", () => theirs);
  server.on("patch", `/api/v1/portal/posts/${id}` as "/api/v1/portal/posts/{post_id}", (change) => {
    sent.push(change);
    return change.version === 1 ? refuse(409, "POST_CHANGED") : { ...theirs, body: change.body ?? "", version: 3 };
  });
  vi.stubGlobal("fetch", server.fetch);
});
afterEach(() => vi.unstubAllGlobals());

async function conflict() {
  const onClose = vi.fn();
  const screen = await render(<EditPost post={before} onClose={onClose} />, { wrapper: Frame });
  const text = screen.getByRole("textbox", { name: "Text" });
  await text.fill("At ten.");
  await screen.getByRole("button", { name: "Save" }).click();
  await expect.element(screen.getByText("At nine.")).toBeVisible();
  await expect.element(text).toHaveValue("At ten.");
  return { screen, text, onClose };
}

test("a post that was changed meanwhile: both texts can be kept", async () => {
  const { screen, text, onClose } = await conflict();
  await screen.getByRole("button", { name: "Put both texts into the form" }).click();
  await expect.element(text).toHaveValue("At ten.\n\n---\n\nAt nine.");
  await screen.getByRole("button", { name: "Save" }).click();
  await expect.poll(() => onClose.mock.calls.length).toBe(1);
  expect(sent.map((s) => s.version)).toEqual([1, 2]);
});

test("a post that was changed meanwhile: one's own text can win, knowingly", async () => {
  const { screen, text, onClose } = await conflict();
  await screen.getByRole("button", { name: "Keep my text" }).click();
  await expect.element(text).toHaveValue("At ten.");
  await screen.getByRole("button", { name: "Save" }).click();
  await expect.poll(() => onClose.mock.calls.length).toBe(1);
  expect(sent.at(-1)).toMatchObject({ body: "At ten.", version: 2 });
});
