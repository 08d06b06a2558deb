// What the address of the catalogue says, apart from the page: its route checks it before the page is loaded. Every page carries this file: what the address asks for is in filter.ts.
import * as v from "valibot";
import { maybe, maybeId, maybeText } from "../../searchParams.ts";
import type { Status } from "./queries.ts";

export const statuses = ["published", "draft", "hidden", "archived"] as const satisfies readonly Status[];

export const achievementsSearch = v.object({
  status: maybe(v.picklist(statuses)),
  q: maybeText(100),
  category: maybeText(64),
  community: maybeId,
  team: maybeId,
  sort: maybe(v.picklist(["rarest"])),
});

export const nominationStates = ["open", "approved", "declined"] as const;

/** The nominations that wait for a decision, or those of a state; or my own. */
export const nominationsSearch = v.object({
  view: maybe(v.picklist(["queue", "mine"])),
  status: maybe(v.picklist([...nominationStates, "all"])),
});

export type NominationsSearch = v.InferOutput<typeof nominationsSearch>;

export type AchievementsSearch = v.InferOutput<typeof achievementsSearch>;
