// How results are shown. Counting, winners and ties are the server's; order, lengths and words are decided here.
import type { OptionResult, QuestionResult } from "./types.ts";

export interface Place extends OptionResult {
  win: boolean;
  /** Length of the bar, 0 to 100: in proportion, the longest at 94, so that its notch is seen. */
  length: number;
}

const longest = 94;

const most = (q: QuestionResult): number => Math.max(0, ...q.options.map((o) => o.votes));

/** The options with the most votes first; equal ones keep the order of the ballot. */
export function places(question: QuestionResult): Place[] {
  const top = most(question);
  return question.options
    .map((o) => ({ ...o, win: question.winners.includes(o.option_id), length: top === 0 ? 0 : Math.round((o.votes / top) * longest) }))
    .toSorted((a, b) => b.votes - a.votes);
}

export function winners(question: QuestionResult): OptionResult[] {
  return question.options.filter((o) => question.winners.includes(o.option_id));
}

/** The best of those who did not win; undefined when none got a vote. */
export function runnerUp(question: QuestionResult): OptionResult | undefined {
  return places(question).find((o) => !o.win && o.votes > 0);
}

/** How far the banner of an option hangs down, in percent of the winner's: a short one still has room for its number. */
export function drop(option: OptionResult, question: QuestionResult): number {
  const top = most(question);
  return top === 0 ? 26 : Math.round(26 + (74 * option.votes) / top);
}

/** What the stage shows: as many banners as have room, the best ones, in the order of the ballot. */
export function banners(question: QuestionResult, room: number): OptionResult[] {
  const shown = new Set(
    places(question)
      .slice(0, room)
      .map((o) => o.option_id),
  );
  return question.options.filter((o) => shown.has(o.option_id));
}
