import type { Group } from "@updspace/kit/groups.tsx";
import { expect, test } from "vitest";
import { bootWith, me, sessionWith } from "./testing.tsx";

bootWith();
const { rightsIn } = await import("./rights.ts");

const community: Group = {
  id: "01890a5d-ac96-774b-bcce-b302099a8057",
  tenant_id: "00000000-0000-0000-0000-000000000001",
  kind: "COMMUNITY",
  community_id: "01890a5d-ac96-774b-bcce-b302099a8057",
  community_name: "Chess",
  name: "Chess",
  description: "",
  join_policy: "open",
  status: "active",
  hue: null,
  member_count: 1,
  faces: [],
  my_role: null,
  my_state: "none",
  my_join_request_id: null,
  my_invite_id: null,
  created_by: me,
  created_at: "2026-03-01T12:00:00Z",
  updated_at: "2026-03-01T12:00:00Z",
};
const team: Group = { ...community, id: "01890a5d-ac96-774b-bcce-b302099a8058", kind: "TEAM" };
const none = { edit: false, members: false, owners: false, own: false, teams: false, posts: false };
const of = (group: Group, my_role: Group["my_role"]): Group => ({ ...group, my_role });

test("an outsider and an ordinary member manage nothing", () => {
  expect(rightsIn(sessionWith(), community)).toEqual(none);
  expect(rightsIn(sessionWith(), of(community, "member"))).toEqual(none);
});

test("a moderator manages members and posts and founds teams, but not the community", () => {
  expect(rightsIn(sessionWith(), of(community, "moderator"))).toEqual({ ...none, members: true, teams: true, posts: true });
});

test("an owner manages everything", () => {
  expect(rightsIn(sessionWith(), of(community, "owner"))).toEqual({
    edit: true,
    members: true,
    owners: true,
    own: true,
    teams: true,
    posts: true,
  });
});

test("the roles of a community hold in its teams", () => {
  expect(rightsIn(sessionWith(), team, of(community, "moderator"))).toEqual({ ...none, edit: true, members: true, posts: true });
  expect(rightsIn(sessionWith(), team, of(community, "owner")).own).toBe(true);
});

test("permissions in the tenant hold in every group", () => {
  const session = sessionWith({ capabilities: ["portal.communities.manage"] });
  expect(rightsIn(session, community)).toMatchObject({ edit: true, own: true, members: false });
});
