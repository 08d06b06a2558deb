// The levels and the choice to be ranked as a person uses them, in a real browser. The server is a fake behind fetch.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { Words } from "@updspace/kit/words.tsx";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page } from "vitest/browser";
import { render } from "vitest-browser-react";
import { bootWith, sessionWith } from "../../testing.tsx";
import { words } from "../../words.ts";

const session = sessionWith({ capabilities: ["gamification.points.manage"] });
bootWith(session);
const { PointsPage } = await import("./PointsPage.tsx");
const { MyPlace } = await import("./MyPlace.tsx");

const me = session.user.id;
const spark = { number: 1, points: 10, title_i18n: { en: "Spark" } };
let sent: { path: string; match: string | null; body: unknown }[] = [];
let ranked: boolean;

beforeEach(() => {
  sent = [];
  ranked = true;
  vi.stubGlobal("fetch", async (request: Request) => {
    const path = new URL(request.url).pathname.replace("/api/v1/gamification/", "");
    if (request.method !== "GET") {
      const body = (await request.json()) as { ranked?: boolean };
      sent.push({ path, match: request.headers.get("If-Match"), body });
      ranked = body.ranked ?? ranked;
    }
    if (path === "levels") return Response.json({ levels: [spark], updated_at: "2026-03-01T12:00:00Z", version: 3 });
    if (path === "seasons" || path.endsWith("/entries")) return Response.json({ items: [], next_cursor: null });
    if (path === "leaderboard/me") {
      const row = { rank: 2, user_id: me, points: 40 };
      return Response.json({ points: 40, rank: ranked ? 2 : null, around: ranked ? [row] : [] });
    }
    if (path === "me/points") return Response.json({ points: 40, level: spark, next: null, missing: null, season: null, ranked });
    if (path.endsWith("/people/lookup")) return Response.json({ people: [] });
    return Response.json(session);
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

async function show(what: ReactNode): Promise<void> {
  const root = createRootRoute({ component: () => what });
  const router = createRouter({ routeTree: root, history: createMemoryHistory({ initialEntries: ["/"] }) });
  await render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <Words words={words}>
        <RouterProvider router={router as never} />
      </Words>
    </QueryClientProvider>,
  );
}

test("levels are saved as a whole, from the version that was read, and only when each begins higher", async () => {
  await show(<PointsPage manage />);
  await page.getByRole("button", { name: "Add a level" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect.element(page.getByText("Give the level a title.")).toBeVisible();
  const second = page.getByRole("group", { name: "Level 2" });
  await second.getByRole("textbox", { name: "Title (English)" }).fill(" Lantern ");
  await second.getByRole("textbox", { name: "Level 2, from points" }).fill("5");
  await page.getByRole("button", { name: "Save" }).click();
  await expect.element(page.getByText("It must begin at more points than the level before.")).toBeVisible();
  expect(sent).toEqual([]);
  await second.getByRole("textbox", { name: "Level 2, from points" }).fill("50");
  await page.getByRole("button", { name: "Save" }).click();
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  const levels = [
    { points: 10, title_i18n: { en: "Spark" } },
    { points: 50, title_i18n: { en: "Lantern" } },
  ];
  expect(sent[0]).toEqual({ path: "levels", match: '"3"', body: { levels } });
});

test("a member leaves the leaderboards and comes back", async () => {
  await show(<MyPlace board={{}} />);
  await expect.element(page.getByText("Your rank is 2.")).toBeVisible();
  await page.getByRole("switch").click();
  await expect.element(page.getByText("You are not ranked")).toBeVisible();
  expect(sent).toEqual([{ path: "me/points", match: null, body: { ranked: false } }]);
});

test("who may not run levels and seasons is told who can", async () => {
  await show(<PointsPage manage={false} />);
  await expect.element(page.getByRole("heading", { name: "You cannot change levels and seasons here" })).toBeVisible();
});
