// What the address of a leaderboard says, apart from the page: its route checks it before the page is loaded.
import * as v from "valibot";
import { maybeId } from "../../searchParams.ts";
import type { Board } from "./queries.ts";

export const boardSearch = v.object({ season: maybeId, community: maybeId, team: maybeId });

export type BoardSearch = v.InferOutput<typeof boardSearch>;

export function boardOf({ season, community, team }: BoardSearch): Board {
  return {
    ...(season !== undefined && { season_id: season }),
    ...(community !== undefined && { scope_type: "COMMUNITY" as const, scope_id: community }),
    ...(community === undefined && team !== undefined && { scope_type: "TEAM" as const, scope_id: team }),
  };
}
