import { useQuery } from "@tanstack/react-query";
import { Time } from "@updspace/kit/time.tsx";
import { FormattedMessage } from "react-intl";
import { answersOf, type BallotQuestion } from "./ballot.ts";
import { Answer } from "./BallotReview.tsx";
import { myVotesQuery } from "./queries.ts";
import type { PollInfo } from "./types.ts";

/** What I voted for, and when: my votes as the server counts them. */
export function MyAnswers({ info: { poll }, questions }: { info: PollInfo; questions: readonly BallotQuestion[] }) {
  const votes = useQuery(myVotesQuery(poll.id)).data ?? [];
  const last = votes.at(-1);
  const answers = answersOf(votes);
  return (
    <section className="card" aria-labelledby="mine">
      <div className="card-head">
        <h2 id="mine">
          <FormattedMessage id="polls.mine" />
        </h2>
        {last && (
          <span className="small muted">
            <FormattedMessage id="polls.mine.counted" values={{ time: <Time at={last.created_at} /> }} />
          </span>
        )}
      </div>
      <ol>
        {questions.map((q, i) => (
          <Answer key={q.id} question={q} place={i + 1} answers={answers} level={3} />
        ))}
      </ol>
    </section>
  );
}
