// The rules of a ballot that is being filled in. The server has the last word; these keep a person from being refused.
import type { Option, PollInfo, Question, Vote } from "./types.ts";

/** The chosen options, by question. */
export type Answers = Readonly<Record<string, readonly string[]>>;

/** A question with its options, in their order. */
export interface BallotQuestion extends Question {
  options: readonly Option[];
}

export function questionsOf(info: PollInfo): BallotQuestion[] {
  return info.nominations.map((n) => ({ ...n, options: info.options.filter((o) => o.nomination_id === n.id) }));
}

/** The answers that the votes stand for. */
export function answersOf(votes: readonly Vote[]): Answers {
  const answers: Record<string, string[]> = {};
  for (const v of votes) (answers[v.nomination_id] ??= []).push(v.option_id);
  return answers;
}

export const chosen = (answers: Answers, question: Question): readonly string[] => answers[question.id] ?? [];

/** The answers after a press on an option. A single choice moves; among several a press beyond the limit changes nothing. */
export function press(answers: Answers, question: Question, option: string): Answers {
  const now = chosen(answers, question);
  if (now.includes(option)) return { ...answers, [question.id]: now.filter((o) => o !== option) };
  if (question.max_votes === 1) return { ...answers, [question.id]: [option] };
  if (now.length >= question.max_votes) return answers;
  return { ...answers, [question.id]: [...now, option] };
}

/** Kept answers as far as they still fit the questions: options may have gone, limits may have changed, votes that stay are added. */
export function fitting(kept: Answers, questions: readonly BallotQuestion[], fixed: Answers): Answers {
  return Object.fromEntries(
    questions.map((q) => {
      const stays = chosen(fixed, q);
      const wanted = chosen(kept, q).filter((id) => !stays.includes(id) && q.options.some((o) => o.id === id));
      return [q.id, [...stays, ...wanted].slice(0, Math.max(q.max_votes, stays.length))];
    }),
  );
}

/** The required questions without an answer, by their place. */
export function missing(answers: Answers, questions: readonly BallotQuestion[]): number[] {
  return questions.flatMap((q, i) => (q.is_required && chosen(answers, q).length === 0 ? [i] : []));
}

export const answeredCount = (answers: Answers, questions: readonly BallotQuestion[]): number =>
  questions.filter((q) => chosen(answers, q).length > 0).length;

export function sameAnswers(a: Answers, b: Answers, questions: readonly BallotQuestion[]): boolean {
  return questions.every((q) => {
    const one = chosen(a, q);
    const other = chosen(b, q);
    return one.length === other.length && one.every((o) => other.includes(o));
  });
}
