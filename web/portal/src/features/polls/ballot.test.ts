import { describe, expect, it } from "vitest";
import { answeredCount, answersOf, fitting, missing, press, sameAnswers, type BallotQuestion } from "./ballot.ts";

const option = (id: string, question: string, place: number) => ({
  id,
  nomination_id: question,
  title: id,
  description: "",
  media_url: "",
  game_id: null,
  sort_order: place,
});

const question = (id: string, max: number, required: boolean, ...options: string[]): BallotQuestion => ({
  id,
  poll_id: "poll",
  title: id,
  description: "",
  kind: "custom",
  sort_order: 0,
  max_votes: max,
  is_required: required,
  config: {},
  options: options.map((o, i) => option(o, id, i)),
});

const one = question("one", 1, true, "a", "b");
const two = question("two", 2, false, "x", "y", "z");
const both = [one, two];

describe("a ballot", () => {
  it("moves a single choice, and takes it back at a second press", () => {
    const a = press({}, one, "a");
    expect(press(a, one, "b")).toEqual({ one: ["b"] });
    expect(press(a, one, "a")).toEqual({ one: [] });
  });

  it("takes no more choices than the question allows", () => {
    const full = press(press({}, two, "x"), two, "y");
    expect(press(full, two, "z")).toBe(full);
    expect(press(full, two, "x")).toEqual({ two: ["y"] });
  });

  it("names the required questions without an answer", () => {
    expect(missing({ two: ["x"] }, both)).toEqual([0]);
    expect(missing({ one: ["a"] }, both)).toEqual([]);
    expect(answeredCount({ one: ["a"], two: [] }, both)).toBe(1);
  });

  it("keeps of an old draft what still fits: options may be gone, limits lower", () => {
    const kept = { one: ["gone"], two: ["x", "y", "z"], other: ["q"] };
    expect(fitting(kept, both, {})).toEqual({ one: [], two: ["x", "y"] });
  });

  it("keeps votes that cannot be taken back, whatever a draft says", () => {
    expect(fitting({ one: ["b"], two: ["z"] }, both, { one: ["a"], two: ["x"] })).toEqual({ one: ["a"], two: ["x", "z"] });
  });

  it("is the same as what was cast when every question has the same choices, in any order", () => {
    const vote = (q: string, o: string) => ({ id: o, poll_id: "poll", nomination_id: q, option_id: o, user_id: "me", created_at: "" });
    const cast = answersOf([vote("two", "x"), vote("two", "y"), vote("one", "a")]);
    expect(sameAnswers({ one: ["a"], two: ["y", "x"] }, cast, both)).toBe(true);
    expect(sameAnswers({ one: ["a"], two: ["y"] }, cast, both)).toBe(false);
  });
});
