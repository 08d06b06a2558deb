import { expect, test } from "vitest";
import { arrivedAfter } from "./Arrivals.tsx";

const upsert = (source_ref: string, is_new = true, own = false) => ({ name: "item-upsert", data: { source_ref, is_new, own } });

test("what is new and by others has arrived, once, until it is gone", () => {
  let now: readonly string[] = [];
  for (const event of [upsert("a"), upsert("a"), upsert("b"), upsert("c", false), upsert("d", true, true)]) now = arrivedAfter(now, event);
  expect(now).toEqual(["a", "b"]);
  expect(arrivedAfter(now, { name: "item-delete", data: { source_ref: "a" } })).toEqual(["b"]);
  expect(arrivedAfter(now, { name: "ready", data: { missed: true } })).toEqual(now);
});
