// What saving a role would change: what, for whom, and who keeps it through another role. Shown before saving.
import type { Binding, Role, Scope } from "./queries.ts";
import { isInForce, memberRoleOf, reaches, sameScope, scopeOf, type CommunityOf } from "./roles.ts";

/** Switched permissions that are not saved yet. */
export interface Draft {
  added: readonly string[];
  removed: readonly string[];
}

export const noDraft: Draft = { added: [], removed: [] };

/** The draft after switching one permission: switching it back leaves nothing. */
export function switched(role: Role, draft: Draft, key: string, on: boolean): Draft {
  const without = { added: draft.added.filter((k) => k !== key), removed: draft.removed.filter((k) => k !== key) };
  if (on === role.permission_keys.includes(key)) return without;
  return on ? { ...without, added: [...without.added, key] } : { ...without, removed: [...without.removed, key] };
}

export function keysAfter(role: Role, draft: Draft): string[] {
  return [
    ...role.permission_keys.filter((k) => !draft.removed.includes(k)),
    ...draft.added.filter((k) => !role.permission_keys.includes(k)),
  ];
}

export function sizeOf(draft: Draft): number {
  return draft.added.length + draft.removed.length;
}

/** A person who loses a permission of this role, and holds it through another one. */
export interface Kept {
  user: string;
  key: string;
  role: Role;
}

export interface Change {
  kind: "gain" | "loss";
  key: string;
}

export interface Impact {
  changes: Change[];
  /** Every active member of the tenant, because it is the role of members. */
  everyone: boolean;
  /** Who holds the role through a binding, each once. */
  people: string[];
  /** The one place in which all of them hold it; undefined when there are several or none. */
  place: Scope | undefined;
  kept: Kept[];
  /** Permissions that all members hold anyway, so that taking them away here changes nothing. */
  heldByAll: string[];
}

interface Facts {
  roles: readonly Role[];
  bindings: readonly Binding[];
  communityOf: CommunityOf;
  now: number;
}

export function impactOf(role: Role, draft: Draft, facts: Facts): Impact {
  const inForce = facts.bindings.filter((b) => isInForce(b, facts.now));
  const mine = inForce.filter((b) => b.role_id === role.id);
  const members = memberRoleOf(role.service, facts.roles);
  const everyone = members?.id === role.id;
  const people = [...new Set(mine.map((b) => b.user_id))];
  const first = mine[0];
  const place = first && mine.every((b) => sameScope(scopeOf(b), scopeOf(first))) ? scopeOf(first) : undefined;
  const heldByAll = everyone ? [] : draft.removed.filter((k) => members?.permission_keys.includes(k));
  const byId = new Map(facts.roles.map((r) => [r.id, r]));
  const kept = draft.removed
    .filter((key) => !heldByAll.includes(key))
    .flatMap((key) =>
      people.flatMap((user) => {
        const other = otherRole(
          mine.filter((b) => b.user_id === user),
          inForce.filter((b) => b.user_id === user && b.role_id !== role.id && byId.get(b.role_id)?.permission_keys.includes(key)),
          facts.communityOf,
        );
        const through = other && byId.get(other.role_id);
        return through ? [{ user, key, role: through }] : [];
      }),
    );
  const changes: Change[] = [
    ...draft.added.map((key) => ({ kind: "gain" as const, key })),
    ...draft.removed.map((key) => ({ kind: "loss" as const, key })),
  ];
  return { changes, everyone, people, place, kept, heldByAll };
}

/** A binding of another role, if such bindings reach every place in which the person holds this one. */
function otherRole(held: readonly Binding[], others: readonly Binding[], communityOf: CommunityOf): Binding | undefined {
  const covering = held.map((b) => others.find((o) => reaches(scopeOf(o), scopeOf(b), communityOf)));
  return covering.includes(undefined) ? undefined : covering[0];
}

export interface KeptSentence {
  permission: string;
  role: Role;
  users: string[];
}

/** Those who keep something, put together by role and permission: one sentence each. */
export function keptSentences(kept: readonly Kept[]): KeptSentence[] {
  const sentences = new Map<string, KeptSentence>();
  for (const { user, key, role } of kept) {
    const id = `${role.id} ${key}`;
    const users = sentences.get(id)?.users ?? [];
    sentences.set(id, { permission: key, role, users: [...users, user] });
  }
  return [...sentences.values()];
}
