import { expect, test } from "vitest";
import { impactOf, keptSentences, keysAfter, noDraft, switched } from "./changes.ts";
import type { Binding, Role } from "./queries.ts";

const now = Date.parse("2026-03-01T12:00:00Z");
const communityOf = (team: string) => (team === "openings" ? "chess" : undefined);

function role(id: number, name: string, permission_keys: string[], tenant_id: string | null = "t"): Role {
  return { id, tenant_id, service: "voting", name, permission_keys };
}

function binding(
  user_id: string,
  of: Role,
  scope_type: Binding["scope_type"],
  scope_id: string,
  expires_at: string | null = null,
): Binding {
  return {
    id: 1,
    tenant_id: "t",
    user_id,
    scope_type,
    scope_id,
    role_id: of.id,
    role_name: of.name,
    role_service: of.service,
    created_at: "2026-01-01T00:00:00Z",
    created_by: null,
    expires_at,
    source: "manual",
    achievement_id: null,
  };
}

const members = role(1, "member", ["voting.poll.read"], null);
const keeper = role(2, "keeper", ["voting.poll.create", "voting.poll.read", "voting.results.read"]);
const board = role(3, "board", ["voting.poll.create"]);
const roles = [members, keeper, board];

test("switching a permission twice leaves no change", () => {
  const off = switched(keeper, noDraft, "voting.poll.create", false);
  expect(off).toEqual({ added: [], removed: ["voting.poll.create"] });
  expect(switched(keeper, off, "voting.poll.create", true)).toEqual(noDraft);
  expect(keysAfter(keeper, switched(keeper, off, "voting.vote.cast", true))).toEqual([
    "voting.poll.read",
    "voting.results.read",
    "voting.vote.cast",
  ]);
});

test("says what changes, whom it touches and in which place", () => {
  const bindings = [
    binding("nika", keeper, "COMMUNITY", "chess"),
    binding("lev", keeper, "COMMUNITY", "CHESS"),
    binding("gone", keeper, "COMMUNITY", "chess", "2026-02-01T00:00:00Z"),
  ];
  const impact = impactOf(keeper, { added: ["voting.vote.cast"], removed: ["voting.poll.create"] }, { roles, bindings, communityOf, now });
  expect(impact.changes).toEqual([
    { kind: "gain", key: "voting.vote.cast" },
    { kind: "loss", key: "voting.poll.create" },
  ]);
  expect(impact.people).toEqual(["nika", "lev"]); // an expired binding counts no more
  expect(impact.place).toEqual({ type: "COMMUNITY", id: "chess" });
  expect(impact.everyone).toBe(false);
  expect(impact.kept).toEqual([]);
});

test("names who keeps a permission through a role that reaches every place", () => {
  const bindings = [
    binding("nika", keeper, "TEAM", "openings"),
    binding("nika", board, "COMMUNITY", "chess"), // reaches its teams
    binding("lev", keeper, "COMMUNITY", "chess"),
    binding("lev", board, "TEAM", "openings"), // does not reach upwards
    binding("tay", keeper, "COMMUNITY", "chess"),
    binding("tay", keeper, "TENANT", "t"),
    binding("tay", board, "COMMUNITY", "chess"), // covers one of two
    binding("ira", keeper, "TENANT", "t"),
    binding("ira", board, "GLOBAL", ""),
  ];
  const impact = impactOf(keeper, { added: [], removed: ["voting.poll.create"] }, { roles, bindings, communityOf, now });
  expect(keptSentences(impact.kept)).toEqual([{ permission: "voting.poll.create", role: board, users: ["nika", "ira"] }]);
  expect(impact.place).toBeUndefined();
});

test("a permission that all members hold is not lost", () => {
  const bindings = [binding("nika", keeper, "TENANT", "t")];
  const impact = impactOf(keeper, { added: [], removed: ["voting.poll.read"] }, { roles, bindings, communityOf, now });
  expect(impact.heldByAll).toEqual(["voting.poll.read"]);
  expect(impact.kept).toEqual([]);
});

test("the role of members touches everyone, and a tenant's own replaces the template", () => {
  const facts = { bindings: [], communityOf, now };
  expect(impactOf(members, noDraft, { roles, ...facts }).everyone).toBe(true);
  const own = role(9, "member", ["voting.poll.read"]);
  expect(impactOf(own, noDraft, { roles: [...roles, own], ...facts }).everyone).toBe(true);
  expect(impactOf(members, noDraft, { roles: [...roles, own], ...facts }).everyone).toBe(false);
});
