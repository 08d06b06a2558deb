import { expect, test } from "vitest";
import { runs } from "./runs.ts";

test("what stands alone splits what stands together", () => {
  const of = (items: number[]) => runs(items, (n) => n < 0).map((run) => run.items);
  expect(of([])).toEqual([]);
  expect(of([1, 2, -1, -2, 3])).toEqual([[1, 2], [-1], [-2], [3]]);
  expect(of([-1, 2])).toEqual([[-1], [2]]);
});
