// Changes of the card of the space.
import type { identity as api } from "@updspace/api";
import { identity, ok } from "@updspace/kit/api.ts";
import type { WriteHeaders } from "@updspace/kit/queries.ts";
import type { TenantCard } from "./queries.ts";

export type CardChange = api.components["schemas"]["TenantUpdate"];

/** Only what differs from the card: what others change meanwhile stays as they made it. */
export function changeOf(card: TenantCard, next: Required<CardChange>): CardChange {
  const change: CardChange = {};
  if (next.name !== card.name) change.name = next.name;
  if (next.description !== card.description) change.description = next.description;
  if (next.hue !== card.hue) change.hue = next.hue;
  if (next.chroma !== card.chroma) change.chroma = next.chroma;
  if (next.languages.toSorted().join() !== card.languages.toSorted().join()) change.languages = next.languages;
  if (next.default_language !== card.default_language) change.default_language = next.default_language;
  if (next.membership !== card.membership) change.membership = next.membership;
  return change;
}

/** Sends a change, made from the card of this version. */
export function saveCard(card: TenantCard, change: CardChange, headers: WriteHeaders): Promise<TenantCard> {
  const params = { header: { "If-Match": `"${card.version}"` } };
  return ok(identity.PATCH("/api/v1/tenant", { params, headers, body: change }));
}

/** Gives this page the colours of the space, which came with it. */
export function showColours({ hue, chroma }: Pick<TenantCard, "hue" | "chroma">): void {
  document.documentElement.style.setProperty("--hue", String(hue));
  document.documentElement.style.setProperty("--chroma", String(chroma));
}
