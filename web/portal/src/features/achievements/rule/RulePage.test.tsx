// The builder of rules as a person uses it, in a real browser. The server is a fake behind fetch.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRootRoute, createRoute, createRouter, Outlet, RouterProvider } from "@tanstack/react-router";
import { Words } from "@updspace/kit/words.tsx";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";
import { bootWith, sessionWith } from "../../../testing.tsx";
import { words } from "../../../words.ts";
import { regular } from "../testing.ts";
import type { AchievementRule, Rule } from "../ruleQueries.ts";

const session = sessionWith({ capabilities: ["gamification.achievements.edit"] });
bootWith(session);
const { RulePage } = await import("./RulePage.tsx");

const rule: Rule = { time_zone: "UTC", takes_back: true, conditions: [{ fact: "post_written", measure: "count", need: 3 }] };
const saidOf = (r: Rule) => ({ en: `Needs ${r.conditions.map((c) => c.need).join(" and ")}.`, ru: "" });
const ruleWith = (part: Partial<AchievementRule> = {}): AchievementRule => ({
  rule,
  explanation_i18n: saidOf(part.rule ?? rule),
  running: true,
  counted_at: "2026-03-01T12:00:00Z",
  updated_at: "2026-03-01T12:00:00Z",
  version: 4,
  ...part,
});

interface Sent {
  method: string;
  path: string;
  match: string | null;
  body: unknown;
}
let sent: Sent[] = [];
let stored: AchievementRule | undefined;
/** The fields that the server finds wrong in every rule. */
let wrong: string[];

const refusal = (status: number, code: string, fields: string[] = []) => {
  const details = fields.length === 0 ? {} : { fields: Object.fromEntries(fields.map((f) => [f, "wrong"])) };
  return Response.json({ error: { code, message: code, details, request_id: "" } }, { status });
};

beforeEach(() => {
  sent = [];
  stored = ruleWith();
  wrong = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const path = new URL(request.url).pathname.replace(`/api/v1/gamification/achievements/${regular.id}`, "");
    const { method } = request;
    if (path.endsWith("/session/me")) return Response.json(session);
    if (path.endsWith("/people/lookup")) return Response.json({ people: [] });
    const text = await request.text();
    const body = text === "" ? undefined : JSON.parse(text);
    if (path === "/rule/explain")
      return wrong.length > 0 ? refusal(422, "VALIDATION_ERROR", wrong) : Response.json({ explanation_i18n: saidOf(body) });
    if (method === "GET")
      return Response.json(path === "/rule" ? stored : { ...regular, status: "published", has_rule: stored !== undefined });
    const match = request.headers.get("If-Match");
    sent.push({ method, path, match, body });
    if (path === "/rule/dry-run") {
      const item = { need: 3, evidence: [], times: 0 };
      const items = [
        { ...item, user_id: "00000000-0000-4000-8000-000000000003", have: 1, met: false },
        { ...item, user_id: "00000000-0000-4000-8000-000000000004", have: 3, met: true },
      ];
      return Response.json({ explanation_i18n: {}, items, next_cursor: null });
    }
    if (match !== `"${stored?.version ?? 0}"`) return refusal(409, "RULE_CHANGED");
    return method === "DELETE" ? new Response(null, { status: 204 }) : Response.json(ruleWith({ rule: body, version: 5 }));
  });
});
afterEach(() => vi.unstubAllGlobals());

async function show() {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false }, mutations: { retry: false } } });
  const root = createRootRoute({ component: Outlet });
  const here = createRoute({ getParentRoute: () => root, path: "/", component: () => <RulePage id={regular.id} /> });
  const there = createRoute({ getParentRoute: () => root, path: "/achievements/$id", component: () => <h1>The achievement</h1> });
  const router = createRouter({ routeTree: root.addChildren([here, there]), history: createMemoryHistory() });
  await render(
    <QueryClientProvider client={queries}>
      <Words words={words}>
        <RouterProvider router={router as never /* not the one that Register names */} />
      </Words>
    </QueryClientProvider>,
  );
  await expect.element(page.getByRole("heading", { name: "Condition 1" })).toBeVisible();
}

const need = () => page.getByRole("textbox", { name: "How many are needed" });
const save = () => userEvent.click(page.getByRole("button", { name: "Save the rule" }));

async function ask(n: string) {
  await userEvent.fill(need(), n);
  await userEvent.tab();
}

test("what is written is said in words, and saved to the version that was read", async () => {
  await show();
  await ask("7");
  await expect.element(page.getByText("Needs 7.")).toBeVisible();
  await save();
  const [condition] = rule.conditions;
  await expect
    .poll(() => sent)
    .toEqual([{ method: "PUT", path: "/rule", match: '"4"', body: { ...rule, conditions: [{ ...condition, need: 7 }] } }]);
});

test("a first rule is saved only while there is none", async () => {
  stored = undefined;
  await show();
  await save();
  await expect.poll(() => sent).toMatchObject([{ method: "PUT", match: '"0"', body: { takes_back: true } }]);
});

test("what the service finds wrong stands at its field", async () => {
  wrong = ["conditions.0.need"];
  await show();
  await expect.element(need()).toHaveAccessibleDescription("wrong");
});

test("another manager's rule is shown; one's own is saved over it, or it is taken", async () => {
  await show();
  await ask("7");
  stored = ruleWith({ version: 9, rule: { ...rule, conditions: [{ fact: "post_written", measure: "days", need: 2 }] } });
  await save();
  const changed = page.getByRole("region", { name: "The rule was changed meanwhile" });
  await expect.element(changed.getByText("Needs 2.")).toBeVisible();
  await expect.element(need()).toHaveValue("7");
  await userEvent.click(changed.getByRole("button", { name: "Take the stored rule" }));
  await expect.element(need()).toHaveValue("2");
  await save();
  await expect.poll(() => sent.at(-1)).toMatchObject({ match: '"9"', body: { conditions: [{ measure: "days", need: 2 }] } });
});

test("a filter without a value is neither tried nor saved", async () => {
  await show();
  await userEvent.click(page.getByRole("button", { name: "Who can see it" }));
  await save();
  await userEvent.click(page.getByRole("button", { name: "Who would get it" }));
  await expect.element(page.getByText("Choose at least one, or remove this.")).toBeVisible();
  expect(sent).toEqual([]);
  await userEvent.click(page.getByRole("checkbox", { name: "Everybody" }));
  await save();
  await expect.poll(() => sent).toMatchObject([{ body: { conditions: [{ where: [{ field: "visibility", any_of: ["public"] }] }] } }]);
});

test("a dry run says who would get it, and is gone when the rule is another", async () => {
  await show();
  await userEvent.click(page.getByRole("button", { name: "Who would get it" }));
  await expect.element(page.getByText("1 member would get it, 1 is on the way.")).toBeVisible();
  await expect.element(page.getByText("1 of 3")).toBeVisible();
  await ask("7");
  await expect.element(page.getByRole("heading", { name: "Who would get it" })).not.toBeInTheDocument();
  expect(sent).toMatchObject([{ method: "POST", path: "/rule/dry-run" }]);
});

test("a rule is deleted in the version that was read", async () => {
  await show();
  await userEvent.click(page.getByRole("button", { name: "Delete the rule" }));
  await userEvent.click(page.getByRole("alertdialog").getByRole("button", { name: "Delete the rule" }));
  await expect.element(page.getByRole("heading", { name: "The achievement" })).toBeVisible();
  expect(sent).toMatchObject([{ method: "DELETE", match: '"4"' }]);
});
