// The reward of an achievement as a person uses it, in a real browser. The server is a fake behind fetch.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { Words } from "@updspace/kit/words.tsx";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";
import { bootWith, sessionWith } from "../../testing.tsx";
import { words } from "../../words.ts";
import type { Reward, Role } from "./rewardQueries.ts";

const session = sessionWith({ capabilities: ["portal.role_bindings.write", "portal.roles.read"] });
bootWith(session);
const { RewardCard, RewardRow } = await import("./Reward.tsx");

const id = "01890a5d-ac96-774b-bcce-b302099a8057";
const role = (n: number, name: string, ...permission_keys: string[]): Role => ({
  id: n,
  tenant_id: null,
  service: "voting",
  name,
  permission_keys,
});
const roles = [role(1, "admin"), role(2, "clerks", "portal.roles.write"), role(3, "moderator"), role(4, "helpers")];

let reward: Reward | null;
let rights: string[];
let sent: { method: string; body: unknown }[];
let refused: boolean;

const rewarded = (state: Reward["state"] = "active"): Reward => ({
  role: { id: 4, service: "voting", name: "helpers" },
  state,
  defined_by: null,
  defined_at: "2026-03-01T12:00:00Z",
  settled: true,
});

beforeEach(() => {
  reward = null;
  rights = session.capabilities;
  sent = [];
  refused = false;
  vi.stubGlobal("fetch", async (request: Request) => {
    const path = new URL(request.url).pathname;
    if (path.endsWith("/session/me")) return Response.json({ ...session, capabilities: rights });
    if (path.endsWith("/admin/roles")) return Response.json(roles);
    if (request.method === "GET") return Response.json({ reward });
    const text = await request.text();
    sent.push({ method: request.method, body: text === "" ? undefined : JSON.parse(text) });
    if (refused) {
      return Response.json(
        { error: { code: "ROLE_NOT_GRANTABLE", message: "no", details: { missing: [] }, request_id: "" } },
        { status: 403 },
      );
    }
    if (request.method === "DELETE") reward = null;
    else reward = rewarded();
    return request.method === "DELETE" ? new Response(null, { status: 204 }) : Response.json({ reward });
  });
});
afterEach(() => vi.unstubAllGlobals());

async function show(content: ReactNode) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false }, mutations: { retry: false } } });
  const root = createRootRoute({ component: () => content });
  const router = createRouter({ routeTree: root, history: createMemoryHistory({ initialEntries: ["/"] }) });
  await render(
    <QueryClientProvider client={queries}>
      <Words words={words}>
        <RouterProvider router={router as never /* not the one that Register names */} />
      </Words>
    </QueryClientProvider>,
  );
}

test("a role is chosen from those that can be rewards, and removed", async () => {
  await show(<RewardCard id={id} />);
  await userEvent.click(page.getByRole("button", { name: "Role for those who hold it" }));
  await expect.element(page.getByRole("option", { name: "Moderator · polls" })).toBeVisible();
  expect(page.getByRole("option").elements()).toHaveLength(2);
  await userEvent.click(page.getByRole("option", { name: "helpers · polls" }));
  await userEvent.click(page.getByRole("button", { name: "Set the reward" }));
  await expect.element(page.getByText("Who holds it has the role helpers (polls).")).toBeVisible();
  await userEvent.click(page.getByRole("button", { name: "Remove the reward" }));
  await expect.element(page.getByText("Who holds the achievement can have a role for as long.", { exact: false })).toBeVisible();
  expect(sent).toEqual([
    { method: "PUT", body: { role_id: 4 } },
    { method: "DELETE", body: undefined },
  ]);
});

test("a role that the person may not give is refused", async () => {
  refused = true;
  await show(<RewardCard id={id} />);
  await userEvent.click(page.getByRole("button", { name: "Role for those who hold it" }));
  await userEvent.click(page.getByRole("option", { name: "helpers · polls" }));
  await userEvent.click(page.getByRole("button", { name: "Set the reward" }));
  await expect.element(page.getByText("The achievement gives a role that you may not give to others here.")).toBeVisible();
});

test("who gives no roles removes a reward, and sees none to choose", async () => {
  rights = [];
  bootWith({ ...session, capabilities: [] });
  reward = rewarded();
  await show(<RewardCard id={id} />);
  await expect.element(page.getByRole("button", { name: "Remove the reward" })).toBeVisible();
  expect(page.getByRole("button").elements()).toHaveLength(1);
});

test.each([
  ["role_deleted", "The role was deleted, so the reward gives nothing."],
  ["not_grantable", "New holders do not get it: who attached the reward may not give the role any more."],
] as const)("a reward that is %s says so", async (state, text) => {
  reward = rewarded(state);
  await show(
    <ul>
      <RewardRow id={id} />
    </ul>,
  );
  await expect.element(page.getByText(text)).toBeVisible();
});
