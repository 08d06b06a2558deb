import { useSuspenseQuery } from "@tanstack/react-query";
import { Navigate, useNavigate } from "@tanstack/react-router";
import { useDraft } from "@updspace/kit/drafts.ts";
import { useSession } from "../../session.ts";
import { answersOf, fitting, questionsOf, sameAnswers, type Answers } from "./ballot.ts";
import { BallotBar } from "./BallotBar.tsx";
import { BallotQuestionPage } from "./BallotQuestion.tsx";
import { BallotReview } from "./BallotReview.tsx";
import { myVotesQuery, pollQuery } from "./queries.ts";
import css from "./Ballot.module.css";

const nothing: Answers = {};

/** The ballot of a poll: one question a screen, then a look at all answers, then the vote. `at` is the place, from 1; "review" after the last. */
export function Ballot({ id, at }: { id: string; at: number | "review" }) {
  const { data: info } = useSuspenseQuery(pollQuery(id));
  const { data: votes } = useSuspenseQuery(myVotesQuery(id));
  const navigate = useNavigate();
  const [kept, keep, forget] = useDraft<Answers | null>(`${useSession().user.id}:ballot:${id}`, null);
  const { poll, meta } = info;
  if (!meta.can_vote || info.nominations.length === 0) return <Navigate to="/polls/$id" params={{ id }} replace />;
  const questions = questionsOf(info);
  const cast = answersOf(votes);
  const fixed = poll.allow_revoting ? nothing : cast;
  const answers = fitting(kept ?? cast, questions, fixed);
  const place = at === "review" ? at : Math.min(at, questions.length);
  const question = place === "review" ? undefined : questions[place - 1];
  const go = (to: number | "review") => void navigate({ to: "/polls/$id/vote", params: { id }, search: { q: to } });
  return (
    <div className={css["ballot"]}>
      <BallotBar
        poll={poll}
        questions={questions}
        answers={answers}
        at={place}
        saved={kept !== null && !sameAnswers(answers, cast, questions)}
      />
      {question === undefined ? (
        <BallotReview info={info} questions={questions} answers={answers} cast={cast} go={go} forget={forget} />
      ) : (
        <BallotQuestionPage
          key={question.id}
          poll={poll}
          question={question}
          place={{ at: questions.indexOf(question) + 1, of: questions.length }}
          answers={answers}
          fixed={fixed[question.id] ?? []}
          onChange={keep}
          go={go}
        />
      )}
    </div>
  );
}
