import { describe, expect, it } from "vitest";
import { banners, drop, places, runnerUp, winners } from "./results.ts";
import type { QuestionResult } from "./types.ts";

function result(...votes: number[]): QuestionResult {
  const total = votes.reduce((a, b) => a + b, 0);
  const top = Math.max(...votes);
  const options = votes.map((v, i) => ({
    option_id: `o${i}`,
    text: `Option ${i}`,
    votes: v,
    percent: total === 0 ? 0 : (v / total) * 100,
  }));
  const won = top === 0 ? [] : options.filter((o) => o.votes === top).map((o) => o.option_id);
  return { nomination_id: "q", title: "Q", votes: total, voters: total, winners: won, tie: won.length > 1, options };
}

describe("results", () => {
  it("stand in the order of votes; equal ones keep the order of the ballot", () => {
    expect(places(result(1, 5, 1, 3)).map((p) => p.option_id)).toEqual(["o1", "o3", "o0", "o2"]);
  });

  it("have bars in proportion to the longest", () => {
    expect(places(result(148, 71)).map((p) => p.length)).toEqual([94, 45]);
    expect(places(result(0, 0)).map((p) => p.length)).toEqual([0, 0]);
  });

  it("have several winners in a tie, and the best of the others behind them", () => {
    const tie = result(96, 12, 96);
    expect(winners(tie).map((w) => w.option_id)).toEqual(["o0", "o2"]);
    expect(places(tie).filter((p) => p.win)).toHaveLength(2);
    expect(runnerUp(tie)?.option_id).toBe("o1");
  });

  it("have no winner without a vote, and no second one when all votes went to one", () => {
    expect(winners(result(0, 0))).toEqual([]);
    expect(runnerUp(result(4, 0))).toBeUndefined();
  });
});

describe("banners on stage", () => {
  it("hang as far as their votes, and far enough for a number", () => {
    const r = result(148, 71, 0);
    expect(r.options.map((o) => drop(o, r))).toEqual([100, 62, 26]);
  });

  it("are the best ones when there are more than fit, in the order of the ballot", () => {
    expect(banners(result(1, 9, 2, 8, 3), 3).map((o) => o.option_id)).toEqual(["o1", "o3", "o4"]);
  });
});
