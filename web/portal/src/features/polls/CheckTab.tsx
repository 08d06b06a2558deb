import { CircleCheck, Send, TriangleAlert } from "lucide-react";
import { ok, voting } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { useNow } from "@updspace/kit/time.tsx";
import { useNavigate } from "@tanstack/react-router";
import { Button } from "@updspace/ui/Button";
import { TextLink } from "@updspace/ui/TextLink";
import { FormattedMessage, useIntl } from "react-intl";
import { questionsOf } from "./ballot.ts";
import { pollKeys } from "./queries.ts";
import { RulesCard } from "./RulesCard.tsx";
import type { PollInfo } from "./types.ts";
import css from "./Manage.module.css";

/** The last step of a draft: what still lacks, how it will be, and the button that opens it. */
export function CheckTab({ info }: { info: PollInfo }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const { poll } = info;
  const questions = questionsOf(info);
  const now = useNow();
  const later = poll.starts_at !== null && Date.parse(poll.starts_at) > now;
  const address = (question?: string) => `/polls/${poll.id}/manage?tab=questions${question === undefined ? "" : `&question=${question}`}`;
  const lacks = [
    ...(questions.length === 0 ? [{ text: intl.formatMessage({ id: "polls.check.noQuestions" }), href: address() }] : []),
    ...questions
      .filter((q) => q.options.length < 2)
      .map((q) => ({ text: intl.formatMessage({ id: "polls.check.fewOptions" }, { title: q.title }), href: address(q.id) })),
    ...(poll.ends_at !== null && Date.parse(poll.ends_at) <= now
      ? [{ text: intl.formatMessage({ id: "polls.check.ended" }), href: `/polls/${poll.id}/manage?tab=rules` }]
      : []),
  ];
  const publish = useAction({
    run: (_: void, headers) =>
      ok(voting.PUT("/api/v1/voting/polls/{poll_id}", { params: { path: { poll_id: poll.id } }, body: { status: "active" }, headers })),
    stale: pollKeys,
    done: intl.formatMessage({ id: later ? "polls.published.later" : "polls.published" }),
    onDone: () => void navigate({ to: "/polls/$id", params: { id: poll.id } }),
  });
  return (
    <div className="with-side">
      <section className="vstack" aria-labelledby="check">
        <h2 id="check">
          <FormattedMessage id={lacks.length > 0 ? "polls.check.lacks" : "polls.check.ready"} />
        </h2>
        <ul className="card">
          {lacks.map((l) => (
            <li key={l.text} className={`${css["check"]} ${css["bad"]}`}>
              <TriangleAlert className="i" aria-hidden="true" />
              <TextLink href={l.href}>{l.text}</TextLink>
            </li>
          ))}
          {questions
            .filter((q) => q.options.length >= 2)
            .map((q) => (
              <li key={q.id} className={`${css["check"]} ${css["good"]}`}>
                <CircleCheck className="i" aria-hidden="true" />
                <div className="grow">
                  <span className="strong block" dir="auto">
                    {q.title}
                  </span>
                  <span className="small muted" dir="auto">
                    {intl.formatList(q.options.map((o) => o.title))}
                  </span>
                </div>
              </li>
            ))}
        </ul>
        <p className="small muted">
          <FormattedMessage id="polls.check.fixed" />
        </p>
        <ActionError error={publish.error} />
        <div className="btns">
          <Button variant="primary" size="big" disabled={lacks.length > 0} pending={publish.pending} onPress={() => publish.start()}>
            <Send className="i s" aria-hidden="true" />
            <FormattedMessage id={later ? "polls.publish.later" : "polls.publish"} />
          </Button>
        </div>
      </section>
      <RulesCard poll={poll} questions={questions.length} />
    </div>
  );
}
