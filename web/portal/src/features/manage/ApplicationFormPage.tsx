import { useSuspenseQuery } from "@tanstack/react-query";
import { identity, ok } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { Plus } from "lucide-react";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { may, useSession } from "../../session.ts";
import { applicationFormQuery, formKey } from "./applications.ts";
import { draftOf, newQuestion, questionOf, type QuestionDraft } from "./questions.ts";
import { QuestionEditor } from "./QuestionEditor.tsx";
import { Refused } from "./Refused.tsx";
import style from "./manage.module.css";

const changes = "portal.tenant.settings.write";
const most = 10;

/** The questions that people answer when they apply. */
export function ApplicationFormPage() {
  if (!may(useSession(), changes)) return <Refused permission={changes} />;
  return <FormEditor />;
}

function FormEditor() {
  const intl = useIntl();
  const { data: form } = useSuspenseQuery(applicationFormQuery);
  const [questions, setQuestions] = useState<QuestionDraft[]>(() => form.questions.map(draftOf));
  const [version, setVersion] = useState(form.version);
  const save = useAction({
    run: (_: void, headers) =>
      ok(identity.PUT("/api/v1/portal/applications/form", { body: { version, questions: questions.map(questionOf) }, headers })),
    stale: [[formKey]],
    done: intl.formatMessage({ id: "manage.form.saved" }),
    onDone: (saved) => setVersion(saved.version),
  });
  const errors = fieldErrors(intl, save.error);
  const move = (from: number, to: number) =>
    setQuestions((before) => {
      const after = [...before];
      after.splice(to, 0, ...after.splice(from, 1));
      return after;
    });
  return (
    <div className={style["narrow"]}>
      <PageHead
        title={intl.formatMessage({ id: "manage.form" })}
        sub={intl.formatMessage({ id: "manage.form.sub" })}
        back={{ href: "/manage/applications", name: intl.formatMessage({ id: "manage.applications" }) }}
      />
      {form.membership !== "application" && (
        <div className="banner">
          <span className="grow">
            <FormattedMessage id="manage.form.closed" />
          </span>
          <LinkButton size="s" href="/manage/look">
            <FormattedMessage id="manage.look" />
          </LinkButton>
        </div>
      )}
      {questions.length === 0 && (
        <div className="card">
          <EmptyState title={intl.formatMessage({ id: "manage.form.none" })}>
            <FormattedMessage id="manage.form.none.text" />
          </EmptyState>
        </div>
      )}
      <ol className="vstack">
        {questions.map((q, i) => (
          <li key={q.key}>
            <QuestionEditor
              number={i + 1}
              question={q}
              error={Object.entries(errors).find(([field]) => field.startsWith(`questions.${i}.`))?.[1]}
              onChange={(next) => setQuestions((before) => before.map((old, k) => (k === i ? next : old)))}
              onRemove={() => setQuestions((before) => before.filter((_, k) => k !== i))}
              {...(i > 0 && { onUp: () => move(i, i - 1) })}
              {...(i < questions.length - 1 && { onDown: () => move(i, i + 1) })}
            />
          </li>
        ))}
      </ol>
      <ActionError error={save.error} />
      <div className="btns">
        <Button disabled={questions.length >= most} onPress={() => setQuestions((before) => [...before, newQuestion()])}>
          <Plus className="i s" aria-hidden="true" />
          <FormattedMessage id="manage.form.add" />
        </Button>
        <Button variant="primary" pending={save.pending} onPress={() => save.start()}>
          <FormattedMessage id="action.save" />
        </Button>
      </div>
    </div>
  );
}
