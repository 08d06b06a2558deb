import { CloudCheck, X } from "lucide-react";
import { LinkIcon } from "@updspace/ui/LinkButton";
import { Steps } from "@updspace/ui/Steps";
import { FormattedMessage, useIntl } from "react-intl";
import { chosen, type Answers, type BallotQuestion } from "./ballot.ts";
import { PlaceFlag } from "./Place.tsx";
import type { Poll } from "./types.ts";
import css from "./Ballot.module.css";

interface BallotBarProps {
  poll: Poll;
  questions: readonly BallotQuestion[];
  answers: Answers;
  at: number | "review";
  /** Answers are kept here that were not sent yet. */
  saved: boolean;
}

/** The bar above a ballot: the way out, whose poll it is, that answers are kept, and the line of progress. */
export function BallotBar({ poll, questions, answers, at, saved }: BallotBarProps) {
  const intl = useIntl();
  const step = (q: BallotQuestion, i: number) => {
    const done = chosen(answers, q).length > 0;
    return {
      href: `/polls/${poll.id}/vote?q=${i + 1}`,
      name: intl.formatMessage({ id: done ? "polls.ballot.step.done" : "polls.ballot.step" }, { place: i + 1, title: q.title }),
      done: done && at !== i + 1,
      current: at === i + 1,
    };
  };
  return (
    <header className={css["bar"]}>
      <LinkIcon href={`/polls/${poll.id}`} label={intl.formatMessage({ id: "polls.ballot.close" })}>
        <X className="i" aria-hidden="true" />
      </LinkIcon>
      <div className="line nowrap">
        <PlaceFlag poll={poll} />
        <span className={css["name"]} dir="auto">
          {poll.title}
        </span>
      </div>
      <span className={`state quiet ${css["saved"]}`} role="status">
        {saved && (
          <>
            <CloudCheck className="i s" aria-hidden="true" />
            <span>
              <FormattedMessage id="polls.ballot.saved" />
            </span>
          </>
        )}
      </span>
      {questions.length > 1 && (
        <div className={css["steps"]}>
          <Steps label={intl.formatMessage({ id: "polls.questions" })} steps={questions.map(step)} />
        </div>
      )}
    </header>
  );
}
