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
import type { Achievement, Category } from "./queries.ts";
import { regular } from "./testing.ts";

bootWith(sessionWith({ capabilities: ["gamification.achievements.edit"] }));
const { EditAchievementPage } = await import("./EditAchievementPage.tsx");
const { CategoriesPage } = await import("./CategoriesPage.tsx");

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
/** What a write is answered with instead of what is asked for. */
let refuse: { status: number; code: string } | undefined;

const refusal = ({ status, code }: { status: number; code: string }) =>
  Response.json({ error: { code, message: code, details: {}, request_id: "" } }, { status });

beforeEach(() => {
  sent = [];
  stored = regular;
  categories = [category("skill", "Skill", 10), category("events", "Events", 20)];
  refuse = undefined;
  vi.stubGlobal("fetch", async (request: Request) => {
    const path = new URL(request.url).pathname.replace("/api/v1/gamification/", "");
    const { method } = request;
    if (method === "GET") {
      if (path === "categories") return Response.json({ items: categories });
      return Response.json(path === "achievements" ? { items: [], next_cursor: null } : stored);
    }
    const match = request.headers.get("If-Match");
    const text = await request.text();
    sent.push({ method, path, match, body: text === "" ? undefined : JSON.parse(text) });
    if (refuse) return refusal(refuse);
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
