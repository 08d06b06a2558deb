import { expect, it } from "vitest";
import { renumber } from "./order.ts";

const row = (...orders: number[]) => orders.map((sort_order, i) => ({ id: "abcdef"[i] ?? "", sort_order }));

function after(things: ReturnType<typeof row>, ids: string[]): string[] {
  const changed = renumber(things, ids);
  return things
    .map((t) => changed.find((c) => c.id === t.id) ?? t)
    .toSorted((a, b) => a.sort_order - b.sort_order)
    .map((t) => t.id);
}

it("puts things into every order, and never gives two the same number", () => {
  const things = row(0, 1, 2, 7);
  for (const ids of ["abcd", "bacd", "dcba", "dabc", "bcda", "acbd"]) {
    expect(after(things, [...ids])).toEqual([...ids]);
    const changed = renumber(things, [...ids]);
    const all = things.map((t) => changed.find((c) => c.id === t.id)?.sort_order ?? t.sort_order);
    expect(new Set(all).size).toBe(4);
  }
});

it("changes nothing for the order that stands, and one number for the first that goes last", () => {
  expect(renumber(row(3, 5, 9), ["a", "b", "c"])).toEqual([]);
  expect(renumber(row(3, 5, 9), ["b", "c", "a"])).toEqual([{ id: "a", sort_order: 10 }]);
});
