import { expect, test } from "vitest";
import { centred, moved, zoomed } from "./crop.ts";

const size = { width: 400, height: 300 };

test("the first square is the largest one, in the middle", () => expect(centred(400, 300)).toEqual({ x: 50, y: 0, side: 300 }));

test("a square never leaves the picture", () => {
  expect(moved(centred(400, 300), 500, 20, size)).toEqual({ x: 100, y: 0, side: 300 });
  expect(moved(centred(400, 300), -500, -20, size)).toEqual({ x: 0, y: 0, side: 300 });
});

test("zoom keeps the middle, and has ends", () => {
  expect(zoomed(centred(400, 300), 2, size)).toEqual({ x: 125, y: 75, side: 150 });
  expect(zoomed(centred(400, 300), 100, size).side).toBe(60);
  expect(zoomed(zoomed({ x: 0, y: 0, side: 150 }, 3, size), 0.1, size)).toEqual({ x: 0, y: 0, side: 300 });
});
