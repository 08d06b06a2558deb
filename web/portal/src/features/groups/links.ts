import type { InviteLink } from "./queries.ts";

/** Whether a link still lets in, and why not. `now` is in milliseconds. */
export function linkState(link: InviteLink, now: number): "open" | "ended" | "expired" | "usedUp" {
  if (link.revoked_at !== null) return "ended";
  if (Date.parse(link.expires_at) <= now) return "expired";
  return link.max_uses !== null && link.uses >= link.max_uses ? "usedUp" : "open";
}
