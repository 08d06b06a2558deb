import type { AccountSummary } from "./queries.ts";

/** What an account is called. */
export const nameOf = (a: Pick<AccountSummary, "display_name" | "first_name" | "last_name" | "username" | "email">): string =>
  a.display_name || `${a.first_name} ${a.last_name}`.trim() || a.username || a.email;
