// The administration: pages and their main states.
import * as acts from "./acts.ts";
import { id } from "./demo.ts";
import { hookStates } from "./hookStates.ts";
import { refused, type State } from "./state.ts";

export const manageStates: State[] = [
  { name: "manage", path: "/manage", as: "admin" },
  { name: "manage-members", path: "/manage/members", as: "admin" },
  { name: "manage-roles", path: "/manage/roles", as: "admin" },
  { name: "manage-role", path: "/manage/roles", as: "admin", act: acts.firstRole },
  { name: "manage-role-new", path: "/manage/roles", as: "admin", act: acts.newRole },
  { name: "manage-role-changed", path: "/manage/roles", as: "admin", act: acts.changedRole },
  { name: "manage-role-delete", path: "/manage/roles", as: "admin", act: acts.deleteRole },
  { name: "manage-role-give", path: "/manage/roles", as: "admin", act: acts.giveRole },
  { name: "manage-access", path: "/manage/access", as: "admin" },
  { name: "manage-decision", path: `/manage/access?user=${id("02")}&permission=portal.communities.create`, as: "admin" },
  { name: "manage-exceptions", path: "/manage/access?tab=exceptions", as: "admin" },
  { name: "manage-exception-new", path: "/manage/access?tab=exceptions", as: "admin", act: acts.newException },
  { name: "manage-ending", path: "/manage/access?tab=ending", as: "admin" },
  { name: "manage-journal", path: "/manage/journal", as: "admin" },
  { name: "manage-journal-group", path: `/manage/journal?group=${id("c1")}`, as: "admin" },
  { name: "manage-look", path: "/manage/look", as: "admin" },
  { name: "manage-badge-keys", path: "/manage/badge-keys", as: "admin" },
  {
    name: "manage-badge-keys-none",
    path: "/manage/badge-keys",
    as: "admin",
    answers: { "/api/v1/gamification/badges/keys": { items: [] } },
  },
  { name: "manage-badge-key-withdraw", path: "/manage/badge-keys", as: "admin", act: acts.withdrawKey },
  { name: "manage-badge-keys-forbidden", path: "/manage/badge-keys", as: "member" },
  ...hookStates,
  { name: "manage-webhooks-forbidden", path: "/manage/webhooks", as: "member" },
  { name: "manage-sources-forbidden", path: "/manage/sources", as: "member" },
  { name: "manage-forbidden", path: "/manage/roles", as: "member", allow: refused(403) },
  { name: "manage-journal-forbidden", path: "/manage/journal", as: "member" },
  { name: "manage-look-forbidden", path: "/manage/look", as: "member" },
  { name: "manage-why", path: "/manage/roles", as: "member", act: acts.why, allow: refused(403) },
];
