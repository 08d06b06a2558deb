import type { activity } from "@updspace/api";
import { FakeServer } from "@updspace/kit/testing/server.ts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { render } from "vitest-browser-react";
import { bootWith, Frame, me } from "../../testing.tsx";
import type { FeedItem } from "./queries.ts";

bootWith();
const { FeedList } = await import("./FeedList.tsx");

const item = (id: number, change: Partial<FeedItem>): FeedItem => ({
  id,
  tenant_id: "00000000-0000-0000-0000-000000000001",
  actor_user_id: me,
  target_user_id: null,
  type: "vote.cast",
  occurred_at: "2026-03-01T12:00:00Z",
  title: "Which map next?",
  payload_json: {},
  visibility: "public",
  scope_type: "TENANT",
  scope_id: "00000000-0000-0000-0000-000000000001",
  source_ref: `vote:${id}`,
  actor_profile: null,
  link: "/polls/1",
  ...change,
});

let asked: (string | null)[];
let read: number;
let items: FeedItem[];

beforeEach(() => {
  asked = [];
  read = 0;
  const server = new FakeServer<activity.paths>()
    .on("get", "/api/v1/activity/v2/feed", (_, request) => {
      asked.push(new URL(request.url).searchParams.get("types"));
      return { items, next_cursor: null, has_more: false };
    })
    .on("post", "/api/v1/activity/feed/mark-read", () => {
      read++;
      return undefined;
    });
  vi.stubGlobal("fetch", server.fetch);
});
afterEach(() => vi.unstubAllGlobals());

test("what happened stands in sentences, and is read then", async () => {
  items = [
    item(4, {}),
    item(3, { type: "event.rsvp.changed", title: "Cup", payload_json: { status: "interested" }, link: "/events/1" }),
    item(2, { type: "season.closed", actor_user_id: null, title: "Весна", payload_json: { names: { ru: "Весна", en: "Spring" } } }),
    item(1, { type: "comet.passed", title: "of a later release" }),
  ];
  const screen = await render(<FeedList kind="all" />, { wrapper: Frame });
  await expect.element(screen.getByText("voted in Which map next?")).toBeVisible();
  await expect.element(screen.getByText("may come to Cup")).toBeVisible();
  await expect.element(screen.getByText("Season over: Spring")).toBeVisible();
  await expect.element(screen.getByRole("link", { name: "Which map next?" })).toHaveAttribute("href", "/polls/1");
  expect(screen.getByText("of a later release").elements()).toEqual([]);
  await expect.poll(() => read).toBe(1);
});

test("what many did about one thing is one row, with their number and some of their names", async () => {
  const ada = { user_id: me, username: "ada", display_name: "Ada", first_name: "Ada", last_name: "", avatar_url: null };
  items = [
    item(9, { group: { count: 12, actors: [ada, { ...ada, display_name: "Grace" }] } }),
    item(8, { type: "event.rsvp.changed", title: "Cup", link: "/events/1", group: { count: 2, actors: [] } }),
  ];
  const screen = await render(<FeedList kind="all" />, { wrapper: Frame });
  await expect.element(screen.getByText("12 members voted in Which map next?")).toBeVisible();
  await expect.element(screen.getByText("Ada and Grace")).toBeVisible();
  await expect.element(screen.getByText("2 members answered: Cup")).toBeVisible();
});

test("one kind is asked for, and does not mark all as read", async () => {
  items = [];
  const screen = await render(<FeedList kind="polls" />, { wrapper: Frame });
  await expect.element(screen.getByText("Quiet so far")).toBeVisible();
  expect(asked).toEqual(["poll.opened,vote.cast"]);
  expect(read).toBe(0);
});
