import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Download, Presentation } from "lucide-react";
import { ErrorPage } from "@updspace/kit/errors.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { Bar } from "@updspace/ui/ResultBars";
import { Skeleton } from "@updspace/ui/Skeleton";
import { showCurrent } from "@updspace/ui/Tabs";
import { TextLink } from "@updspace/ui/TextLink";
import { FormattedMessage, useIntl } from "react-intl";
import { questionsOf, type BallotQuestion } from "./ballot.ts";
import { Categories } from "./Categories.tsx";
import { PollTime } from "./PollTime.tsx";
import { pollQuery, resultsQuery } from "./queries.ts";
import { QuestionResults } from "./QuestionResults.tsx";
import type { PollInfo, Results } from "./types.ts";
import { usePercent } from "./words.tsx";
import css from "./Results.module.css";

/** The results of a poll, a question at a time: the winner, then bars, then the table. `at` is the question, from 1. */
export function ResultsPage({ id, at }: { id: string; at: number }) {
  const intl = useIntl();
  const { data: info } = useSuspenseQuery(pollQuery(id));
  const { poll, meta } = info;
  const results = useQuery({ ...resultsQuery(id), enabled: meta.can_read_results });
  const hidden = !meta.can_read_results;
  const some = results.data !== undefined && results.data.total_votes > 0;
  return (
    <>
      <PageHead
        title={poll.title}
        back={{ href: `/polls/${id}`, name: intl.formatMessage({ id: "polls.back.poll" }) }}
        {...(results.data && { sub: <Turnout info={info} results={results.data} /> })}
      >
        {meta.can_manage && !hidden && (
          <LinkButton href={`/api/v1/voting/polls/${id}/results.csv`} external>
            <Download className="i s" aria-hidden="true" />
            CSV
          </LinkButton>
        )}
        {some && (
          <LinkButton href={`/polls/${id}/stage`} variant="primary">
            <Presentation className="i s" aria-hidden="true" />
            <FormattedMessage id="polls.stage" />
          </LinkButton>
        )}
      </PageHead>
      {hidden && (
        <div className="card">
          <EmptyState title={intl.formatMessage({ id: "polls.results.hidden" })} shape="date">
            {intl.formatMessage({ id: `polls.hidden.${poll.results_visibility}` })}
          </EmptyState>
        </div>
      )}
      {!hidden && results.isPending && <Skeleton label={intl.formatMessage({ id: "loading" })} />}
      {results.isError && <ErrorPage error={results.error} retry={() => void results.refetch()} />}
      {results.data && <Shown info={info} results={results.data} at={at} />}
    </>
  );
}

function Shown({ info, results, at }: { info: PollInfo; results: Results; at: number }) {
  const intl = useIntl();
  const questions = questionsOf(info);
  const place = Math.min(at, questions.length);
  const question = questions[place - 1];
  const result = results.nominations.find((n) => n.nomination_id === question?.id);
  if (!question || !result) return null;
  const detail = <QuestionResults question={question} result={result} final={results.final} />;
  if (questions.length === 1) return detail;
  const others = questions.filter((q) => q !== question);
  return (
    <div className={css["cats"]}>
      <nav className={css["list"]} aria-label={intl.formatMessage({ id: "polls.questions" })} ref={showCurrent}>
        {questions.map((q, i) => (
          <TextLink key={q.id} href={addressOf(info, i)} className="" current={i + 1 === place}>
            <bdi>{q.title}</bdi>
          </TextLink>
        ))}
      </nav>
      <div className="vstack l">
        {detail}
        <Categories
          results={results}
          questions={others.map((q: BallotQuestion) => ({ question: q, href: addressOf(info, questions.indexOf(q)) }))}
        />
      </div>
    </div>
  );
}

const addressOf = ({ poll }: PollInfo, index: number) => `/polls/${poll.id}/results?q=${index + 1}`;

function Turnout({ info: { poll }, results: { turnout } }: { info: PollInfo; results: Results }) {
  const percent = usePercent();
  const { voters, eligible, percent: share } = turnout;
  return (
    <span className={`small ${css["turnout"]}`}>
      {share !== null && <Bar length={share} />}
      <span className="line">
        {eligible === null || share === null ? (
          <FormattedMessage id="polls.turnout" values={{ voters }} />
        ) : (
          <FormattedMessage id="polls.turnout.of" values={{ voters, eligible, share: percent(share) }} />
        )}
        <PollTime poll={poll} />
      </span>
    </span>
  );
}
