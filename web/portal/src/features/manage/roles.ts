// Rules of the roles page: how roles and permissions are grouped, and who is reached by a role.
import { serviceOf } from "@updspace/kit/permissionWords.ts";
import type { Binding, Permission, Role, Scope } from "./queries.ts";

export const services = ["portal", "voting", "events", "activity", "gamification", "personalization"] as const;

/** The role that every active member of the tenant holds without a binding. */
export const memberRole = "member";

const tiers = ["admin", "moderator", memberRole];

export interface RoleGroup {
  service: string;
  roles: Role[];
}

/**
 * The roles that are in use, by service: the platform's three from the most powerful down, then the tenant's own by name. A template
 * that the tenant has replaced by a role of the same name is left out.
 */
export function roleGroups(roles: readonly Role[]): RoleGroup[] {
  const groups = new Map<string, Role[]>(services.map((s) => [s, []]));
  for (const role of roles) {
    if (role.tenant_id === null && isReplaced(role, roles)) continue;
    groups.set(role.service, [...(groups.get(role.service) ?? []), role]);
  }
  const place = (r: Role) => (tiers.includes(r.name) ? tiers.indexOf(r.name) : tiers.length);
  return [...groups]
    .filter(([, all]) => all.length > 0)
    .map(([service, all]) => ({ service, roles: all.toSorted((a, b) => place(a) - place(b) || a.name.localeCompare(b.name)) }));
}

/** Only the role of members is replaced by one of the same name; other templates stay beside it. */
function isReplaced(template: Role, roles: readonly Role[]): boolean {
  return template.name === memberRole && roles.some((r) => r.tenant_id !== null && r.service === template.service && r.name === memberRole);
}

/** The role of a service that members hold without a binding. */
export function memberRoleOf(service: string, roles: readonly Role[]): Role | undefined {
  const named = roles.filter((r) => r.service === service && r.name === memberRole);
  return named.find((r) => r.tenant_id !== null) ?? named[0];
}

/** The parts of a service's permissions, each a card of the page. */
const parts: Record<string, string> = {
  "portal.profile": "people",
  "portal.profiles": "people",
  "portal.applications": "people",
  "portal.tenant": "space",
  "portal.communities": "communities",
  "portal.teams": "teams",
  "portal.posts": "posts",
  "portal.roles": "rights",
  "portal.role_bindings": "rights",
  "portal.policy_overrides": "rights",
  "portal.permissions": "rights",
};

export interface PermissionGroup {
  /** A part of the portal, or the service itself. */
  part: string;
  permissions: Permission[];
}

/** The permissions of one service in the order of the catalogue's subjects. */
export function permissionGroups(service: string, all: readonly Permission[]): PermissionGroup[] {
  const groups = new Map<string, Permission[]>();
  for (const p of all) {
    if (p.service !== service) continue;
    const part = parts[p.key.split(".").slice(0, 2).join(".")] ?? serviceOf(p.key);
    groups.set(part, [...(groups.get(part) ?? []), p]);
  }
  return [...groups].map(([part, permissions]) => ({ part, permissions }));
}

export function isInForce(binding: Binding, now: number): boolean {
  return binding.expires_at === null || Date.parse(binding.expires_at) > now;
}

export function scopeOf(binding: Binding): Scope {
  return { type: binding.scope_type, id: binding.scope_id };
}

export function sameScope(a: Scope, b: Scope): boolean {
  return a.type === b.type && (a.type === "GLOBAL" || a.type === "TENANT" || a.id.toLowerCase() === b.id.toLowerCase());
}

/** The community of a team, when it is known. */
export type CommunityOf = (team: string) => string | undefined;

/** Whether a role bound in one scope counts in another: grants reach downwards only. */
export function reaches(from: Scope, to: Scope, communityOf: CommunityOf): boolean {
  if (sameScope(from, to) || from.type === "GLOBAL") return true;
  if (from.type === "TENANT") return to.type !== "GLOBAL";
  return from.type === "COMMUNITY" && to.type === "TEAM" && communityOf(to.id)?.toLowerCase() === from.id.toLowerCase();
}

export interface Held {
  name: string;
  services: string[];
}

/** The roles of a person in the whole tenant, by name: a tier is often held for every service at once. */
export function heldRoles(user: string, bindings: readonly Binding[], now: number): Held[] {
  const held = new Map<string, Set<string>>();
  for (const b of bindings) {
    if (b.user_id !== user || !isInForce(b, now) || !["TENANT", "GLOBAL"].includes(b.scope_type)) continue;
    held.set(b.role_name, (held.get(b.role_name) ?? new Set()).add(b.role_service));
  }
  return [...held].map(([name, of]) => ({ name, services: services.filter((s) => of.has(s)) }));
}
