import { useNavigate } from "@tanstack/react-router";
import { ArrowRight, PenLine } from "lucide-react";
import { ok, voting } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton, LinkIcon } from "@updspace/ui/LinkButton";
import { RankList } from "@updspace/ui/RankList";
import { FormattedMessage, useIntl } from "react-intl";
import { AddLine } from "./AddLine.tsx";
import { questionsOf, type BallotQuestion } from "./ballot.ts";
import { Thumbs } from "./Thumbs.tsx";
import { useOrder } from "./useOrder.ts";
import { pollKeys } from "./queries.ts";
import type { PollInfo } from "./types.ts";
import { useRankWords } from "./words.tsx";

/** The questions of a poll: their order, and the way to each. */
export function QuestionsTab({ info }: { info: PollInfo }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const { poll, meta } = info;
  const path = { poll_id: poll.id };
  const {
    items: questions,
    error,
    reorder,
  } = useOrder(questionsOf(info), (q, headers) =>
    ok(
      voting.PUT("/api/v1/voting/polls/{poll_id}/nominations/{nomination_id}", {
        params: { path: { ...path, nomination_id: q.id } },
        body: { sort_order: q.sort_order },
        headers,
      }),
    ),
  );
  const add = useAction({
    run: (title: string, headers) =>
      ok(
        voting.POST("/api/v1/voting/polls/{poll_id}/nominations", {
          params: { path },
          body: { title, max_votes: 1, is_required: false },
          headers,
        }),
      ),
    stale: pollKeys,
    onDone: (q) => void navigate({ to: "/polls/$id/manage", params: { id: poll.id }, search: { tab: "questions", question: q.id } }),
  });
  const address = (q: BallotQuestion) => `/polls/${poll.id}/manage?tab=questions&question=${q.id}`;
  const words = useRankWords();
  return (
    <div className="vstack">
      <ActionError error={error ?? add.error} />
      {questions.length === 0 ? (
        <div className="card">
          <EmptyState title={intl.formatMessage({ id: "polls.questions.none" })} shape="date">
            <FormattedMessage id="polls.questions.none.text" />
          </EmptyState>
        </div>
      ) : meta.can_edit_questions ? (
        <div className="card">
          <RankList
            label={intl.formatMessage({ id: "polls.questions" })}
            words={words}
            onOrder={reorder}
            items={questions.map((q) => ({
              id: q.id,
              name: q.title,
              content: <Summary question={q} />,
              actions: (
                <LinkIcon href={address(q)} label={intl.formatMessage({ id: "polls.question.edit" }, { title: q.title })}>
                  <PenLine className="i s" aria-hidden="true" />
                </LinkIcon>
              ),
            }))}
          />
        </div>
      ) : (
        <ol className="card rows">
          {questions.map((q) => (
            <li key={q.id} className="row">
              <Summary question={q} />
              <Thumbs question={q} />
            </li>
          ))}
        </ol>
      )}
      {meta.can_edit_questions && (
        <>
          <AddLine
            label={intl.formatMessage({ id: "polls.question.new" })}
            button={intl.formatMessage({ id: "polls.question.add" })}
            pending={add.pending}
            onAdd={add.start}
          />
          {meta.can_manage && (
            <div className="btns right">
              <LinkButton href={`/polls/${poll.id}/manage?tab=rules`} variant="primary">
                <FormattedMessage id="polls.wizard.toRules" />
                <ArrowRight className="i s" aria-hidden="true" />
              </LinkButton>
            </div>
          )}
        </>
      )}
    </div>
  );
}

function Summary({ question: q }: { question: BallotQuestion }) {
  return (
    <div className="grow">
      <span className="strong block" dir="auto">
        {q.title}
      </span>
      <span className="small muted block">
        <FormattedMessage
          id="polls.question.sub"
          values={{ options: q.options.length, max: q.max_votes, required: String(q.is_required) }}
        />
      </span>
    </div>
  );
}
