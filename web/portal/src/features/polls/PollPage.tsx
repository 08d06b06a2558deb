import { useSuspenseQuery } from "@tanstack/react-query";
import { BarChart3, PenLine, Vote } from "lucide-react";
import { flagOf } from "@updspace/ui/art/designs";
import { Cover } from "@updspace/ui/Cover";
import { Crumb } from "@updspace/ui/PageHead";
import { LinkButton } from "@updspace/ui/LinkButton";
import { FormattedMessage, useIntl } from "react-intl";
import { boot } from "../../session.ts";
import { Amendments } from "./Amendments.tsx";
import { questionsOf } from "./ballot.ts";
import { PollState } from "./PollState.tsx";
import { PollTime } from "./PollTime.tsx";
import { groupColours } from "@updspace/kit/groups.tsx";
import { Place, useGroup } from "./Place.tsx";
import { MyAnswers } from "./MyAnswers.tsx";
import { pollQuery } from "./queries.ts";
import { RulesCard } from "./RulesCard.tsx";
import { Thumbs } from "./Thumbs.tsx";
import type { PollInfo } from "./types.ts";
import css from "./PollPage.module.css";

/** The face of a poll: what it is about, how it stands, and the one thing to do. `cast` is set right after voting: the receipt comes first. */
export function PollPage({ id, cast }: { id: string; cast: boolean }) {
  const intl = useIntl();
  const { data: info } = useSuspenseQuery(pollQuery(id));
  const { poll, meta } = info;
  const questions = questionsOf(info);
  const group = useGroup(poll);
  const colours = group ? flagOf(group.id, groupColours(group)) : poll.scope_type === "TENANT" ? "page" : flagOf(poll.scope_id);
  return (
    <>
      <Crumb href="/polls" name={intl.formatMessage({ id: "nav.polls" })} />
      <Cover id={poll.id} label={poll.title} colours={colours} src={cover(info)}>
        <span className="small">
          <Place poll={poll} />
        </span>
        <h1 className={css["title"]} tabIndex={-1} dir="auto">
          {poll.title}
        </h1>
        <PollTime poll={poll} />
        <Actions info={info} />
      </Cover>
      <div className="with-side">
        <div className="vstack l">
          <PollState info={info} cast={cast} />
          {poll.description !== "" && (
            <p className="prose" dir="auto">
              {poll.description}
            </p>
          )}
          {meta.has_voted ? <MyAnswers info={info} questions={questions} /> : <Questions questions={questions} />}
          <Amendments poll={poll} />
        </div>
        <RulesCard poll={poll} questions={questions.length} />
      </div>
    </>
  );
}

function cover({ poll }: PollInfo): string | undefined {
  return poll.scope_type === "TENANT" ? (boot.tenant?.cover_url ?? undefined) : undefined;
}

function Actions({ info: { poll, meta } }: { info: PollInfo }) {
  const results = meta.can_read_results && poll.phase !== "draft" && poll.phase !== "scheduled";
  const edits = meta.can_manage || meta.can_edit_questions;
  if (!meta.can_vote && !results && !edits) return null;
  return (
    <div className={`btns ${css["acts"]}`}>
      {meta.can_vote && (
        <LinkButton href={`/polls/${poll.id}/vote`} variant={meta.todo ? "metal" : "ghost"}>
          <Vote className="i s" aria-hidden="true" />
          <FormattedMessage id={meta.has_voted ? "polls.vote.change" : "polls.vote.start"} />
        </LinkButton>
      )}
      {results && (
        <LinkButton href={`/polls/${poll.id}/results`} variant={meta.can_vote && meta.todo ? "ghost" : "metal"}>
          <BarChart3 className="i s" aria-hidden="true" />
          <FormattedMessage id="polls.results.open" />
        </LinkButton>
      )}
      {edits && (
        <LinkButton href={`/polls/${poll.id}/manage`} variant="ghost">
          <PenLine className="i s" aria-hidden="true" />
          <FormattedMessage id="polls.manage" />
        </LinkButton>
      )}
    </div>
  );
}

function Questions({ questions }: { questions: ReturnType<typeof questionsOf> }) {
  if (questions.length === 0) return null;
  return (
    <section className="card" aria-labelledby="questions">
      <div className="card-head">
        <h2 id="questions">
          <FormattedMessage id="polls.questions" />
        </h2>
      </div>
      <ol className="rows">
        {questions.map((q) => (
          <li key={q.id} className="row">
            <div className="grow">
              <span className="strong" dir="auto">
                {q.title}
              </span>
              <span className="small muted block">
                <FormattedMessage
                  id="polls.question.sub"
                  values={{ options: q.options.length, max: q.max_votes, required: String(q.is_required) }}
                />
              </span>
            </div>
            <Thumbs question={q} />
          </li>
        ))}
      </ol>
    </section>
  );
}
