import { useSuspenseQuery } from "@tanstack/react-query";
import { Navigate, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { questionsOf, type BallotQuestion } from "./ballot.ts";
import { pollQuery, resultsQuery } from "./queries.ts";
import { Stage } from "./Stage.tsx";
import { StageBar } from "./StageBar.tsx";
import type { QuestionResult } from "./types.ts";
import { useStageKeys } from "./useStageKeys.ts";

export interface StageItem {
  question: BallotQuestion;
  result: QuestionResult;
}

/** Award night: one question at a time over the whole screen. The winner stays hidden until it is called. `at` is the question, from 1. */
export function StagePage({ id, at }: { id: string; at: number }) {
  const { data: info } = useSuspenseQuery(pollQuery(id));
  const { data: results } = useSuspenseQuery(resultsQuery(id));
  const navigate = useNavigate();
  const [called, setCalled] = useState<readonly string[]>([]);
  const items = questionsOf(info).flatMap((question): StageItem[] => {
    const result = results.nominations.find((n) => n.nomination_id === question.id);
    return result ? [{ question, result }] : [];
  });
  const place = Math.min(at, items.length);
  const item = items[place - 1];
  const go = (to: number) => {
    if (to >= 1 && to <= items.length) void navigate({ to: "/polls/$id/stage", params: { id }, search: { q: to }, replace: true });
  };
  const reveal = () => {
    if (item && !called.includes(item.question.id)) setCalled([...called, item.question.id]);
  };
  const leave = () => void navigate({ to: "/polls/$id/results", params: { id }, search: { q: place } });
  useStageKeys({ next: () => go(place + 1), back: () => go(place - 1), reveal, leave });
  if (!item) return <Navigate to="/polls/$id/results" params={{ id }} replace />;
  return (
    <Stage key={item.question.id} item={item} revealed={called.includes(item.question.id)} reveal={reveal}>
      <StageBar poll={info.poll} place={place} of={items.length} go={go} />
    </Stage>
  );
}
