// The editor and the categories as a person uses them, in a real browser. The server is a fake behind fetch.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRootRoute, createRoute, createRouter, Outlet, RouterProvider } from "@tanstack/react-router";
import { Words } from "@updspace/kit/words.tsx";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";
import { bootWith, sessionWith } from "../../testing.tsx";
import { words } from "../../words.ts";
import type { Grant, GrantReport } from "./grantQueries.ts";
import type { Achievement, Category } from "./queries.ts";
import { rarities } from "./parts.ts";
import { regular } from "./testing.ts";

const session = sessionWith({ capabilities: ["gamification.achievements.edit"] });
bootWith(session);
const { EditAchievementPage } = await import("./EditAchievementPage.tsx");
const { Grants } = await import("./Grants.tsx");
const { GrantDialog } = await import("./GrantDialog.tsx");
const { CategoriesPage } = await import("./CategoriesPage.tsx");
const { RarityTag } = await import("./words.tsx");

const category = (id: string, en: string, order: number): Category => ({
  id,
  name_i18n: { en },
  order,
  is_active: true,
  created_at: "2026-03-01T12:00:00Z",
  updated_at: "2026-03-01T12:00:00Z",
  version: 1,
});

interface Sent {
  method: string;
  path: string;
  match: string | null;
  body: unknown;
}
let sent: Sent[] = [];
let stored: Achievement;
let categories: Category[];
let grants: Grant[];
let report: GrantReport;
/** What a write is answered with instead of what is asked for. */
let refuse: { status: number; code: string } | undefined;

const refusal = ({ status, code }: { status: number; code: string }) =>
  Response.json({ error: { code, message: code, details: {}, request_id: "" } }, { status });

beforeEach(() => {
  sent = [];
  stored = regular;
  categories = [category("skill", "Skill", 10), category("events", "Events", 20)];
  grants = [];
  refuse = undefined;
  vi.stubGlobal("fetch", async (request: Request) => {
    const path = new URL(request.url).pathname.replace("/api/v1/gamification/", "");
    const { method } = request;
    if (method === "GET") {
      if (path === "categories") return Response.json({ items: categories });
      if (path.endsWith("/session/me")) return Response.json(session);
      if (path.endsWith("/grants")) return Response.json({ items: grants, next_cursor: null });
      if (path.endsWith("/people/lookup")) return Response.json({ people: [] });
      return Response.json(path === "achievements" ? { items: [], next_cursor: null } : stored);
    }
    const match = request.headers.get("If-Match");
    const text = await request.text();
    sent.push({ method, path, match, body: text === "" ? undefined : JSON.parse(text) });
    if (refuse) return refusal(refuse);
    if (path.endsWith("/bulk")) return Response.json(report);
    if (path.startsWith("achievements/") && match !== `"${stored.version}"`) return refusal({ status: 409, code: "ACHIEVEMENT_CHANGED" });
    return method === "DELETE"
      ? new Response(null, { status: 204 })
      : Response.json(path === "category-order" ? { items: categories } : stored);
  });
});
afterEach(() => vi.unstubAllGlobals());

async function show(content: ReactNode) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false }, mutations: { retry: false } } });
  const root = createRootRoute({ component: Outlet });
  const here = createRoute({ getParentRoute: () => root, path: "/", component: () => content });
  const there = createRoute({ getParentRoute: () => root, path: "/achievements/$id", component: () => <h1>The achievement</h1> });
  const router = createRouter({ routeTree: root.addChildren([here, there]), history: createMemoryHistory() });
  await render(
    <QueryClientProvider client={queries}>
      <Words words={words}>
        <RouterProvider router={router as never /* not the one that Register names */} />
      </Words>
    </QueryClientProvider>,
  );
}

const save = () => userEvent.click(page.getByRole("button", { name: "Save", exact: true }));

test("only what was changed is sent, with the version that was read", async () => {
  await show(<EditAchievementPage id={regular.id} />);
  await userEvent.fill(page.getByLabelText("Name (English)"), "Often here");
  await userEvent.click(page.getByRole("radio", { name: "Gold" }));
  await save();
  await expect.element(page.getByRole("heading", { name: "The achievement" })).toBeVisible();
  expect(sent).toEqual([
    {
      method: "PATCH",
      path: `achievements/${regular.id}`,
      match: '"2"',
      body: { name_i18n: { en: "Often here", ru: "Завсегдатай" }, tier: "gold" },
    },
  ]);
});

test("what somebody else changed meanwhile is kept beside one's own change, and the second save is made to it", async () => {
  await show(<EditAchievementPage id={regular.id} />);
  await userEvent.fill(page.getByLabelText("Name (English)"), "Often here");
  stored = { ...regular, version: 3, rarity: "epic", name_i18n: { ...regular.name_i18n, en: "Comes a lot" } };
  await save();
  await expect.element(page.getByRole("heading", { name: "Changed meanwhile" })).toBeVisible();
  await expect.element(page.getByRole("region", { name: "Changed meanwhile" }).getByText("Comes a lot")).toBeVisible();
  await expect.element(page.getByLabelText("Name (English)")).toHaveValue("Often here");
  await expect.element(page.getByRole("radio", { name: "Epic" })).toBeChecked();
  await save();
  await expect.element(page.getByRole("heading", { name: "The achievement" })).toBeVisible();
  expect(sent[1]).toMatchObject({ match: '"3"', body: { name_i18n: { en: "Often here", ru: "Завсегдатай" } } });
  expect(sent[1]?.body).not.toHaveProperty("rarity");
});

test("nothing is sent without a name, or for a published achievement without a picture", async () => {
  stored = { ...regular, status: "published", images: { small: null, medium: "https://a.test/m.png", large: null } };
  await show(<EditAchievementPage id={regular.id} />);
  await userEvent.fill(page.getByLabelText("Address of the picture"), "");
  await save();
  await expect.element(page.getByText("To be published, an achievement needs a picture.")).toBeVisible();
  await userEvent.fill(page.getByLabelText("Name (English)"), "");
  await userEvent.fill(page.getByLabelText("Name (Russian)"), "");
  await save();
  await expect.element(page.getByText("Write the name in one language at least.")).toBeVisible();
  expect(sent).toEqual([]);
});

const rows = () =>
  page
    .getByRole("row")
    .elements()
    .map((row) => row.querySelector("a")?.textContent);

test("a moved category stands at its new place at once, and at the old one when the server refuses", async () => {
  await show(<CategoriesPage manage />);
  await expect.element(page.getByRole("link", { name: "Skill" })).toBeVisible();
  expect(rows()).toEqual(["Skill", "Events"]);
  refuse = { status: 403, code: "FORBIDDEN" };
  await userEvent.click(page.getByRole("button", { name: "Move “Skill” down" }));
  await expect.element(page.getByRole("alert")).toBeVisible();
  expect(sent).toMatchObject([{ method: "PUT", path: "category-order", body: { ids: ["events", "skill"] } }]);
  await expect.poll(rows).toEqual(["Skill", "Events"]);
});

test("a category in use is not deleted, but merging is offered", async () => {
  await show(<CategoriesPage manage />);
  refuse = { status: 409, code: "CATEGORY_IN_USE" };
  await userEvent.click(page.getByRole("button", { name: "Actions for “Skill”" }));
  await userEvent.click(page.getByRole("menuitem", { name: "Delete" }));
  await userEvent.click(page.getByRole("button", { name: "Delete", exact: true }));
  await userEvent.click(page.getByRole("button", { name: "Merge into another" }));
  refuse = undefined;
  await userEvent.click(page.getByRole("button", { name: "Merge", exact: true }));
  await expect.poll(() => sent.at(-1)).toMatchObject({ method: "POST", path: "categories/skill/merge", body: { into: "events" } });
  expect(sent[0]).toMatchObject({ method: "DELETE", path: "categories/skill", match: '"1"' });
});

test("a new category gets an id from its name that is free", async () => {
  await show(<CategoriesPage manage />);
  await userEvent.click(page.getByRole("button", { name: "New category" }));
  await userEvent.fill(page.getByLabelText("Name (English)"), "Events");
  await userEvent.click(page.getByRole("button", { name: "Make category" }));
  await expect.poll(() => sent).toMatchObject([{ path: "categories", body: { id: "events-2", name_i18n: { en: "Events" }, order: 30 } }]);
});

const published: Achievement = { ...regular, status: "published" };

test("a table of members is sent as it is, and the dialog says what became of each line", async () => {
  report = {
    dry_run: false,
    granted: 1,
    held: 0,
    refused: 3,
    items: [
      { line: 1, recipient: "Ada", outcome: "granted", grant_id: "g", code: null, message: null },
      { line: 2, recipient: "Bob", outcome: "refused", grant_id: null, code: "INVALID_FORMAT", message: "must be the id of a member" },
      { line: 3, recipient: "Cleo", outcome: "refused", grant_id: null, code: "NO_GRANTS_LEFT", message: "None left" },
      { line: 4, recipient: "Dan", outcome: "refused", grant_id: null, code: "OF_A_LATER_RELEASE", message: "has a hat" },
    ],
  };
  await show(<GrantDialog achievement={published} onClose={() => undefined} />);
  await userEvent.click(page.getByRole("button", { name: "From a table" }));
  await userEvent.fill(page.getByLabelText("Table (CSV)"), "Ada\nBob,late");
  await userEvent.fill(page.getByLabelText("What for"), "The tournament");
  await userEvent.click(page.getByRole("button", { name: "Grant", exact: true }));
  await expect.element(page.getByText("This is not the id of a member.")).toBeVisible();
  await expect.element(page.getByText("All of this limited achievement are granted.")).toBeVisible();
  await expect.element(page.getByText("has a hat")).toBeVisible();
  await expect.element(page.getByText("1 was granted, 0 had it already, 3 were refused.")).toBeVisible();
  expect(sent).toMatchObject([
    { path: `achievements/${regular.id}/grants/bulk`, body: { csv: "Ada\nBob,late", reason: "The tournament", visibility: "public" } },
  ]);
});

test("a table is checked before anything is granted", async () => {
  report = {
    dry_run: true,
    granted: 1,
    held: 0,
    refused: 0,
    items: [{ line: 1, recipient: "Ada", outcome: "granted", grant_id: null, code: null, message: null }],
  };
  let closed = 0;
  await show(<GrantDialog achievement={published} onClose={() => closed++} />);
  await userEvent.click(page.getByRole("button", { name: "From a table" }));
  await userEvent.fill(page.getByLabelText("Table (CSV)"), "Ada");
  await userEvent.click(page.getByRole("button", { name: "Check first" }));
  await expect.element(page.getByText("Would get it")).toBeVisible();
  expect(sent).toMatchObject([{ body: { csv: "Ada", dry_run: true } }]);
  await userEvent.click(page.getByRole("button", { name: "Back", exact: true }));
  await expect.element(page.getByLabelText("Table (CSV)")).toHaveValue("Ada");
  await userEvent.click(page.getByRole("button", { name: "Check first" }));
  await expect.element(page.getByRole("button", { name: "Grant to 1" })).toBeVisible();
  report = { ...report, dry_run: false };
  await userEvent.click(page.getByRole("button", { name: "Grant to 1" }));
  await expect.poll(() => closed).toBe(1);
  expect(sent.at(-1)).toMatchObject({ body: { csv: "Ada", dry_run: false } });
});

test("an achievement is taken back with a reason; what has ended cannot be taken back", async () => {
  const held: Grant = {
    id: "g1",
    achievement_id: regular.id,
    recipient_id: "00000000-0000-4000-8000-000000000003",
    issuer_id: null,
    reason: null,
    visibility: "public",
    created_at: "2026-03-01T12:00:00Z",
    expires_at: null,
    ended_at: null,
    revoked_at: null,
    revoked_by: null,
    revoke_reason: null,
  };
  grants = [held, { ...held, id: "g2", ended_at: "2026-03-02T12:00:00Z" }];
  await show(<Grants achievement={published} />);
  await expect.element(page.getByText(/It ended/)).toBeVisible();
  await userEvent.click(page.getByRole("button", { name: /^Take back from/ }));
  await userEvent.fill(page.getByLabelText("Reason"), "By mistake");
  await userEvent.click(page.getByRole("button", { name: "Take back", exact: true }));
  await expect.poll(() => sent).toMatchObject([{ path: "grants/g1/revoke", body: { reason: "By mistake" } }]);
});

test("each rarity has a colour of its own, and says its name", async () => {
  await show(
    <>
      {rarities.map((rarity) => (
        <RarityTag key={rarity} rarity={rarity} />
      ))}
    </>,
  );
  const tags = ["Common", "Uncommon", "Rare", "Epic", "Legendary"].map((name) => page.getByText(name, { exact: true }).element());
  expect(tags.map((tag) => tag.classList.contains("plain"))).toEqual([true, false, false, false, false]);
  expect(new Set(tags.map((tag) => getComputedStyle(tag).getPropertyValue("--hue"))).size).toBe(5);
});
