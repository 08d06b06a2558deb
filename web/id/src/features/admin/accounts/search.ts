// What the address of the list of accounts says.

export const statuses = ["active", "suspended", "banned", "migrated_unclaimed"] as const;
export const kinds = ["admins", "secured", "unsecured"] as const;

export interface AccountSearch {
  q?: string;
  status?: (typeof statuses)[number];
  only?: (typeof kinds)[number];
}

const oneOf = <K extends string>(all: readonly K[], value: unknown): K | undefined => all.find((k) => k === value);

export function accountSearch(search: Record<string, unknown>): AccountSearch {
  const status = oneOf(statuses, search["status"]);
  const only = oneOf(kinds, search["only"]);
  const q = typeof search["q"] === "string" ? search["q"].trim().slice(0, 100) : "";
  return { ...(q !== "" && { q }), ...(status !== undefined && { status }), ...(only !== undefined && { only }) };
}
