import type { portal } from "@updspace/api";
import { FakeServer } from "@updspace/kit/testing/server.ts";
import { afterEach, expect, test, vi } from "vitest";
import { bootWith, sessionWith } from "../../testing.tsx";

bootWith();
const { readable, readJournal } = await import("./journal.ts");

const group = "00000000-0000-4000-8000-0000000000c1";

afterEach(() => vi.unstubAllGlobals());

test("the journal of a group is what the portal keeps about it", async () => {
  const asked: string[] = [];
  const server = new FakeServer<portal.paths>().on("get", "/api/v1/portal/audit", (_, request) => {
    asked.push(new URL(request.url).searchParams.get("target_id") ?? "");
    return { items: [], next_cursor: null };
  });
  vi.stubGlobal("fetch", server.fetch);
  const all = sessionWith({ capabilities: ["portal.roles.read", "portal.communities.manage", "voting.votings.admin"] });
  expect(readable(all)).toEqual(["access", "portal", "voting"]);
  expect(readable(all, group)).toEqual(["portal"]);
  expect(readable(sessionWith({ capabilities: ["portal.roles.read"] }), group)).toEqual([]);
  const read = await readJournal(readable(all, group), { group }, {}, new AbortController().signal);
  expect(read.items).toEqual([]);
  expect(asked).toEqual([group]);
});
