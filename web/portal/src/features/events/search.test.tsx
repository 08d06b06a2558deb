import { expect, test } from "vitest";
import * as v from "valibot";
import { filterOf, isNarrow, wide } from "./filter.ts";
import { eventsSearch } from "./search.ts";

const group = "00000000-0000-4000-8000-0000000000c1";
const parse = (search: object) => v.parse(eventsSearch, search);

test("what the address says is asked of the server", () => {
  const search = parse({ view: "month", mine: true, q: " raid ", tag: "pvp", game: "Dota", answer: "waiting", team: group });
  expect(filterOf(search)).toEqual({
    mine: true,
    q: "raid",
    tag: "pvp",
    game_id: "Dota",
    my_answer: "waiting",
    scope_type: "TEAM",
    scope_id: group,
  });
  expect(filterOf(parse({ space: true }))).toEqual({ scope_type: "TENANT" });
});

test("nonsense in the address is left out", () => {
  const search = parse({ q: " ", tag: "x".repeat(33), answer: "perhaps", community: "chess", from: "2026-02-30", game: 7 });
  expect(isNarrow(search)).toBe(false);
  expect(filterOf(search)).toEqual({});
});

test("without its filters the calendar shows the same days", () => {
  const search = parse({ view: "week", day: "2026-03-10", mine: true, q: "raid", from: "2026-03-01" });
  expect(isNarrow(search)).toBe(true);
  expect(wide(search)).toEqual({ view: "week", day: "2026-03-10", mine: true });
});
