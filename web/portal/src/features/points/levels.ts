import type { Level } from "./queries.ts";

/** The level that so many points reach; undefined below the first. */
export function levelAt(levels: readonly Level[], points: number): Level | undefined {
  return levels.findLast((level) => level.points <= points);
}

/** How far the points are from one level to the next, from 0 to 1. */
export function progress(points: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (points - from) / (to - from)));
}
