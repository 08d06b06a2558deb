// A decision as a list of steps, in the order in which the rules are looked at.
import type { Binding, Decision, Role, Scope } from "./queries.ts";
import { isInForce, memberRoleOf, reaches, scopeOf, type CommunityOf } from "./roles.ts";

type Explained = NonNullable<Decision["explanation"]>[number];

export type Rule = Explained["rule"];
export type Outcome = Explained["outcome"];

export interface Step {
  rule: Rule;
  outcome: Outcome;
}

const order: readonly Rule[] = ["catalogue", "flags", "tenant", "overrides", "roles", "visibility"];

/** One step for each rule that was looked at: what it decided, or that it left the question to the next. */
export function stepsOf(decision: Decision): Step[] {
  const steps = decision.explanation ?? [];
  return order.flatMap((rule) => {
    const of = steps.filter((s) => s.rule === rule);
    const last = of.find((s) => s.outcome !== "continue") ?? of.at(-1);
    return last ? [{ rule, outcome: last.outcome }] : [];
  });
}

/** A role of a person that counts in a place. */
export interface Counting {
  role: Role;
  /** Where it is bound; null for the role that all members hold. */
  bound: Scope | null;
  /** Whose reward the binding is. */
  achievement: string | null;
  grants: boolean;
}

interface Facts {
  roles: readonly Role[];
  bindings: readonly Binding[];
  communityOf: CommunityOf;
  now: number;
}

/** The roles that were looked at for the permission, those that grant it first. */
export function countingRoles(user: string, permission: string, scope: Scope, facts: Facts): Counting[] {
  const service = permission.slice(0, permission.indexOf("."));
  const byId = new Map(facts.roles.map((r) => [r.id, r]));
  const grants = (r: Role) => r.permission_keys.includes(permission);
  const bound = facts.bindings.flatMap((b): Counting[] => {
    const role = byId.get(b.role_id);
    if (!role || role.service !== service || b.user_id !== user || !isInForce(b, facts.now)) return [];
    return reaches(scopeOf(b), scope, facts.communityOf)
      ? [{ role, bound: scopeOf(b), achievement: b.achievement_id, grants: grants(role) }]
      : [];
  });
  const member = memberRoleOf(service, facts.roles);
  const all =
    member && scope.type !== "GLOBAL" ? [...bound, { role: member, bound: null, achievement: null, grants: grants(member) }] : bound;
  return all.toSorted((a, b) => Number(b.grants) - Number(a.grants));
}
