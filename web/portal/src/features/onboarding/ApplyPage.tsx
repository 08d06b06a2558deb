import { useQuery } from "@tanstack/react-query";
import { identity, ok } from "@updspace/kit/api.ts";
import { ActionError, ErrorPage, fieldErrors } from "@updspace/kit/errors.tsx";
import { focusInvalid } from "@updspace/kit/forms.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { useLanguage } from "@updspace/kit/words.tsx";
import { Button } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { Skeleton } from "@updspace/ui/Skeleton";
import { TextField } from "@updspace/ui/TextField";
import { MailCheck } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { boot } from "../../session.ts";
import styles from "./onboarding.module.css";
import { formQuery } from "./queries.ts";
import { QuestionField } from "./QuestionField.tsx";

/** The application to become a member, with the questions of the tenant. */
export function ApplyPage() {
  const intl = useIntl();
  const form = useQuery(formQuery);
  const [sentTo, setSentTo] = useState<string>();
  const title = intl.formatMessage({ id: "apply.title" }, { tenant: boot.tenant?.name ?? "" });
  if (form.isPending) return <Skeleton label={intl.formatMessage({ id: "loading" })} />;
  if (form.isError) return <ErrorPage page error={form.error} retry={() => void form.refetch()} />;
  if (!form.data.open)
    return (
      <>
        <PageHead title={title} />
        <div className="card">
          <EmptyState title={intl.formatMessage({ id: "apply.closed" })}>
            <FormattedMessage id="apply.closed.text" />
          </EmptyState>
        </div>
      </>
    );
  if (sentTo !== undefined)
    return (
      <>
        <PageHead title={title} />
        <section className="card pad-l vstack s" role="status">
          <h2 className={styles["sent"]}>
            <MailCheck className="i" aria-hidden="true" />
            <FormattedMessage id="apply.sent" />
          </h2>
          <p>
            <FormattedMessage id="apply.sent.text" values={{ email: <bdi className="strong">{sentTo}</bdi> }} />
          </p>
        </section>
      </>
    );
  return (
    <div className={styles["narrow"]}>
      <PageHead title={title} sub={intl.formatMessage({ id: "apply.sub" })} />
      <ApplyForm onSent={setSentTo} />
    </div>
  );
}

/** The form. It is sent once it has been open for as long as the server demands, which a person does not notice. */
function ApplyForm({ onSent }: { onSent: (email: string) => void }) {
  const intl = useIntl();
  const { language } = useLanguage();
  const { data: form, dataUpdatedAt } = useQuery(formQuery);
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [answers, setAnswers] = useState<Record<string, string>>({});
  const [tried, setTried] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const trap = useRef<HTMLInputElement>(null);
  const send = useAction({
    run: async (_: void, headers) => {
      const left = dataUpdatedAt + ((form?.min_seconds ?? 0) + 0.5) * 1000 - Date.now();
      if (left > 0) await new Promise((done) => setTimeout(done, left));
      return ok(
        identity.POST("/api/v1/portal/applications", {
          body: {
            email: email.trim(),
            form_token: form?.form_token ?? "",
            website: trap.current?.value ?? "",
            payload_json: {
              display_name: name.trim(),
              language: language === "ru" ? "ru" : "en",
              answers: Object.fromEntries(Object.entries(answers).filter(([, a]) => a.trim() !== "")),
            },
          },
          headers,
        }),
      );
    },
    stale: [formQuery.queryKey],
    onDone: () => onSent(email.trim()),
  });
  const questions = form?.questions ?? [];
  const errors = fieldErrors(intl, send.error);
  const empty = (text: string | undefined) => tried && (text ?? "").trim() === "";
  const missing = intl.formatMessage({ id: "field.REQUIRED" });
  const complete = email.trim() !== "" && name.trim() !== "" && questions.every((q) => !q.required || (answers[q.key] ?? "").trim() !== "");
  useEffect(() => {
    if (send.error && element.current) focusInvalid(element.current);
  }, [send.error]);
  return (
    <form
      ref={element}
      className="card pad-l form"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        setTried(true);
        if (complete) send.start();
        else requestAnimationFrame(() => element.current && focusInvalid(element.current));
      }}
    >
      <ActionError error={send.error} />
      <TextField
        label={intl.formatMessage({ id: "apply.name" })}
        help={intl.formatMessage({ id: "apply.name.help" })}
        value={name}
        onChange={setName}
        autoComplete="nickname"
        maxLength={128}
        required
        error={errors["display_name"] ?? (empty(name) ? missing : undefined)}
      />
      <TextField
        label={intl.formatMessage({ id: "apply.email" })}
        help={intl.formatMessage({ id: "apply.email.help" })}
        value={email}
        onChange={setEmail}
        type="email"
        inputMode="email"
        autoComplete="email"
        maxLength={254}
        required
        error={errors["email"] ?? (empty(email) ? missing : undefined)}
      />
      {questions.map((q) => (
        <QuestionField
          key={q.key}
          question={q}
          value={answers[q.key] ?? ""}
          onChange={(answer) => setAnswers((before) => ({ ...before, [q.key]: answer }))}
          error={errors[`answers.${q.key}`] ?? (q.required && empty(answers[q.key]) ? missing : undefined)}
        />
      ))}
      <input ref={trap} className={styles["trap"]} name="website" tabIndex={-1} autoComplete="off" aria-hidden="true" />
      <div className="btns">
        <Button type="submit" variant="primary" pending={send.pending}>
          <FormattedMessage id="apply.send" />
        </Button>
      </div>
    </form>
  );
}
