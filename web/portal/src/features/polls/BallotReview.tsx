import { ArrowLeft, CircleDashed, Lock, Users } from "lucide-react";
import { useNavigate } from "@tanstack/react-router";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { FormattedMessage, useIntl } from "react-intl";
import { answeredCount, chosen, missing, sameAnswers, type Answers, type BallotQuestion } from "./ballot.ts";
import { castBallot } from "./casting.ts";
import { Heading } from "./Heading.tsx";
import { OptionPicture } from "./picture.tsx";
import { pollKeys } from "./queries.ts";
import type { PollInfo } from "./types.ts";
import css from "./Ballot.module.css";

interface BallotReviewProps {
  info: PollInfo;
  questions: readonly BallotQuestion[];
  answers: Answers;
  /** What was sent before. */
  cast: Answers;
  go: (to: number) => void;
  forget: () => void;
}

export function BallotReview({ info: { poll, meta }, questions, answers, cast, go, forget }: BallotReviewProps) {
  const intl = useIntl();
  const navigate = useNavigate();
  const [lacking] = missing(answers, questions);
  const count = answeredCount(answers, questions);
  const same = sameAnswers(answers, cast, questions);
  const action = useAction({
    run: async (_: void, headers) => {
      await castBallot(poll.id, questions, answers, headers);
      forget();
      // Before the poll is read anew: one who can vote no more has no ballot to stand on.
      await navigate({ to: "/polls/$id", params: { id: poll.id }, search: { cast: true }, replace: true });
    },
    stale: pollKeys,
  });
  return (
    <>
      <main className={`${css["main"]} ${css["review"]}`} id="main" tabIndex={-1}>
        <div className="vstack s">
          <Heading>
            <FormattedMessage id="polls.review.title" />
          </Heading>
          <p className="muted">
            <FormattedMessage id="polls.review.count" values={{ count, of: questions.length }} />{" "}
            <FormattedMessage id={poll.allow_revoting ? "polls.review.change" : "polls.review.final"} />
          </p>
        </div>
        <ActionError error={action.error} />
        <ol className="card">
          {questions.map((q, i) => (
            <Answer key={q.id} question={q} place={i + 1} answers={answers} onChange={() => go(i + 1)} />
          ))}
        </ol>
        <div className={css["secret"]}>
          {poll.anonymous ? <Lock className="i" aria-hidden="true" /> : <Users className="i" aria-hidden="true" />}
          <div>
            <h2>
              <FormattedMessage id={poll.anonymous ? "polls.secret.title" : "polls.open.title"} />
            </h2>
            <p>
              <FormattedMessage id={poll.anonymous ? "polls.secret.text" : "polls.open.text"} />
            </p>
          </div>
        </div>
      </main>
      <footer className={`${css["foot"]} ${css["review"]}`}>
        <div>
          <Button onPress={() => go(questions.length)}>
            <ArrowLeft className="i s" aria-hidden="true" />
            <FormattedMessage id="polls.ballot.back" />
          </Button>
          <span className="grow" />
          {lacking === undefined ? (
            <Button variant="primary" size="big" pending={action.pending} disabled={same || count === 0} onPress={() => action.start()}>
              <FormattedMessage id={meta.has_voted ? "polls.review.recast" : "polls.review.cast"} />
            </Button>
          ) : (
            <Button variant="primary" size="big" onPress={() => go(lacking + 1)}>
              {intl.formatMessage({ id: "polls.review.lacking" }, { place: lacking + 1 })}
            </Button>
          )}
        </div>
      </footer>
    </>
  );
}

interface AnswerProps {
  question: BallotQuestion;
  place: number;
  answers: Answers;
  /** Without it the answers are only shown. */
  onChange?: () => void;
  level?: 2 | 3;
}

/** What was chosen in one question. */
export function Answer({ question, place, answers, onChange, level = 2 }: AnswerProps) {
  const intl = useIntl();
  const picked = chosen(answers, question);
  const options = question.options.filter((o) => picked.includes(o.id));
  const none = options.length === 0;
  const Title = level === 2 ? "h2" : "h3";
  return (
    <li className={css["rv"]}>
      <span className={css["n"]} aria-hidden="true">
        {place}
      </span>
      <div className="grow">
        <Title dir="auto">{question.title}</Title>
        {none ? (
          <p className="state warn">
            <CircleDashed className="i s" aria-hidden="true" />
            <FormattedMessage id={question.is_required ? "polls.review.required" : "polls.review.none"} />
          </p>
        ) : (
          <ul className={css["picks"]}>
            {options.map((o) => (
              <li key={o.id}>
                <span className={css["th"]}>
                  <OptionPicture option={o} kind={question.kind} />
                </span>
                <span dir="auto">{o.title}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
      {onChange && (
        <Button size="s" variant={none ? "line" : "quiet"} onPress={onChange}>
          <span aria-hidden="true">{intl.formatMessage({ id: none ? "polls.review.answer" : "polls.review.edit" })}</span>
          <span className="vh">
            {intl.formatMessage({ id: none ? "polls.review.answer.name" : "polls.review.edit.name" }, { title: question.title })}
          </span>
        </Button>
      )}
    </li>
  );
}
