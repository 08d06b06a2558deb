// The ballot and the stage as a person uses them, in a real browser. The server is a fake behind fetch.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRootRouteWithContext, createRoute, createRouter, Outlet, RouterProvider } from "@tanstack/react-router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";
import { Words } from "@updspace/kit/words.tsx";
import { words } from "../../words.ts";
import type { Option, PollInfo, Question, Results, Vote } from "./types.ts";

const me = "00000000-0000-4000-8000-000000000002";
const boot = document.createElement("script");
boot.type = "application/json";
const session = { user: { id: me }, capabilities: [] };
boot.id = "boot";
boot.textContent = JSON.stringify({
  tenant: { id: "t", name: "AEF" },
  session,
  lang: "en",
  theme: "light",
});
document.head.append(boot);

const question = (id: string, title: string): Question => ({
  id,
  poll_id: "p",
  title,
  description: "",
  kind: "game",
  sort_order: 0,
  max_votes: 1,
  is_required: false,
  config: {},
});
const option = (id: string, of: string, title: string): Option => ({
  id,
  nomination_id: of,
  title,
  description: "",
  media_url: "",
  game_id: null,
  sort_order: 0,
});

function poll(allow_revoting: boolean, voted: boolean): PollInfo {
  return {
    poll: {
      id: "p",
      tenant_id: "t",
      title: "Awards",
      description: "",
      status: "active",
      scope_type: "TENANT",
      scope_id: "t",
      visibility: "public",
      template: "",
      allow_revoting,
      anonymous: true,
      results_visibility: "always",
      settings: { total_votes: voted ? 1 : 0 },
      amendments: [],
      created_by: "other",
      starts_at: null,
      ends_at: null,
      created_at: "2026-03-01T12:00:00Z",
      updated_at: "2026-03-01T12:00:00Z",
      phase: "open",
    },
    nominations: [question("q1", "Best game"), question("q2", "Best music")],
    options: [option("chess", "q1", "Chess"), option("go", "q1", "Go"), option("drums", "q2", "Drums"), option("flute", "q2", "Flute")],
    meta: {
      has_voted: voted,
      can_vote: true,
      cannot_vote: null,
      todo: !voted,
      votes: voted ? 1 : 0,
      votes_left: true,
      role: null,
      can_edit_questions: false,
      can_manage: false,
      can_delete: false,
      can_read_results: true,
    },
  };
}

const vote: Vote = { id: "v", poll_id: "p", nomination_id: "q1", option_id: "chess", user_id: me, created_at: "2026-03-02T12:00:00Z" };

const results: Results = {
  poll_id: "p",
  final: true,
  total_votes: 4,
  turnout: { voters: 3, eligible: null, percent: null },
  nominations: [
    {
      nomination_id: "q1",
      title: "Best game",
      votes: 3,
      voters: 3,
      winners: ["go"],
      tie: false,
      options: [
        { option_id: "chess", text: "Chess", votes: 1, percent: 33.3 },
        { option_id: "go", text: "Go", votes: 2, percent: 66.7 },
      ],
    },
    {
      nomination_id: "q2",
      title: "Best music",
      votes: 1,
      voters: 1,
      winners: ["drums"],
      tie: false,
      options: [
        { option_id: "drums", text: "Drums", votes: 1, percent: 100 },
        { option_id: "flute", text: "Flute", votes: 0, percent: 0 },
      ],
    },
  ],
};

let sent: { path: string; body: unknown }[] = [];

function serve(info: PollInfo, votes: readonly Vote[]) {
  const answers: Record<string, unknown> = { info, "votes/me": votes, results };
  vi.stubGlobal("fetch", async (request: Request) => {
    const path = new URL(request.url).pathname;
    if (path === "/api/v1/session/me") return Response.json(session);
    if (request.method !== "GET") sent.push({ path, body: await request.json() });
    const name = Object.keys(answers).find((n) => path.endsWith(`/polls/p/${n}`));
    return Response.json(name === undefined ? { poll_id: "p", votes } : answers[name]);
  });
}

async function visit(path: string) {
  const { Ballot } = await import("./Ballot.tsx");
  const { StagePage } = await import("./StagePage.tsx");
  await words.choose("en");
  await words.need("polls");
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const root = createRootRouteWithContext()({ component: Outlet });
  const place = (q: unknown) => (typeof q === "number" ? q : 1);
  const vote = createRoute({
    getParentRoute: () => root,
    path: "/polls/$id/vote",
    component: () => <Ballot id="p" at={at(vote.useSearch())} />,
  });
  const at = (s: { q?: unknown }) => (s.q === "review" ? "review" : place(s.q));
  const stage = createRoute({
    getParentRoute: () => root,
    path: "/polls/$id/stage",
    component: () => <StagePage id="p" at={place((stage.useSearch() as { q?: unknown }).q)} />,
  });
  const face = createRoute({ getParentRoute: () => root, path: "/polls/$id", component: () => <h1>The poll</h1> });
  const shown = createRoute({ getParentRoute: () => root, path: "/polls/$id/results", component: () => <h1>The results</h1> });
  const router = createRouter({
    routeTree: root.addChildren([vote, stage, face, shown]),
    history: createMemoryHistory({ initialEntries: [path] }),
  });
  return render(
    <QueryClientProvider client={queries}>
      <Words words={words}>
        <RouterProvider router={router as never /* not the one that Register names */} />
      </Words>
    </QueryClientProvider>,
  );
}

beforeEach(() => {
  localStorage.clear();
  sent = [];
});
afterEach(() => vi.unstubAllGlobals());

test("a ballot keeps what was not sent, across a reload", async () => {
  serve(poll(true, false), []);
  const first = await visit("/polls/p/vote");
  await userEvent.click(page.getByRole("radio", { name: "Go" }));
  await expect.poll(() => localStorage.length).toBe(1);
  await first.unmount();
  await visit("/polls/p/vote");
  await expect.element(page.getByRole("radio", { name: "Go" })).toBeChecked();
});

test("a ballot is sent whole", async () => {
  serve(poll(true, false), []);
  await visit("/polls/p/vote");
  await userEvent.click(page.getByRole("radio", { name: "Go" }));
  await userEvent.click(page.getByRole("button", { name: "Next" }));
  await userEvent.click(page.getByRole("button", { name: "Skip" }));
  await userEvent.click(page.getByRole("button", { name: "Cast the vote" }));
  await expect.element(page.getByRole("heading", { name: "The poll" })).toBeVisible();
  expect(sent).toEqual([{ path: "/api/v1/voting/polls/p/ballot", body: { answers: [{ nomination_id: "q1", option_ids: ["go"] }] } }]);
  expect(localStorage.length).toBe(0);
});

test("a cast vote can be changed where the poll allows it", async () => {
  serve(poll(true, true), [vote]);
  await visit("/polls/p/vote");
  await expect.element(page.getByRole("radio", { name: "Chess" })).toBeChecked();
  await userEvent.click(page.getByRole("radio", { name: "Go" }));
  await expect.element(page.getByRole("radio", { name: "Go" })).toBeChecked();
});

test("a cast vote stays where the poll does not allow a change", async () => {
  serve(poll(false, true), [vote]);
  await visit("/polls/p/vote");
  await expect.element(page.getByRole("radio", { name: "Chess" })).toBeChecked();
  await expect.element(page.getByRole("radio", { name: "Chess" })).toBeDisabled();
  await expect.element(page.getByRole("radio", { name: "Go" })).toBeDisabled();
});

test("the stage is operated by keys: the winner is called, then the next question, then one leaves", async () => {
  serve(poll(true, true), [vote]);
  await visit("/polls/p/stage");
  await expect.element(page.getByRole("heading", { name: "Best game" })).toBeVisible();
  await userEvent.keyboard(" ");
  await expect.element(page.getByRole("heading", { name: "Go" })).toBeVisible();
  await expect.element(page.getByRole("list", { name: "Votes, in the order of the ballot" })).toBeVisible();
  await userEvent.keyboard("{ArrowRight}");
  await expect.element(page.getByRole("heading", { name: "Best music" })).toBeVisible();
  await userEvent.keyboard("{ArrowLeft}");
  await expect.element(page.getByRole("heading", { name: "Go" })).toBeVisible();
  await userEvent.keyboard("{Escape}");
  await expect.element(page.getByRole("heading", { name: "The results" })).toBeVisible();
});
