import { useQuery } from "@tanstack/react-query";
import { identity, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { useLanguage } from "@updspace/kit/words.tsx";
import { Button } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { TextArea } from "@updspace/ui/TextArea";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { applicationFormQuery, applicationsKey, inLanguage, type Application } from "./applications.ts";

const stale = [[applicationsKey]];

/** One application with the answers of the person, and what can be done with it. */
export function ApplicationCard({ application: a }: { application: Application }) {
  const intl = useIntl();
  return (
    <article className="card pad vstack" aria-labelledby={`application-${a.id}`}>
      <div className="vstack s">
        <h2 id={`application-${a.id}`} dir="auto">
          {a.display_name}
        </h2>
        <span className="line dots small muted">
          <bdi>{a.email}</bdi>
          <Time at={a.created_at} />
        </span>
      </div>
      <Answers application={a} />
      {a.reason !== "" && (
        <p className="small">
          <span className="muted">{intl.formatMessage({ id: "manage.applications.reason" })}: </span>
          <bdi>{a.reason}</bdi>
        </p>
      )}
      {a.status === "pending" && <Decide application={a} />}
      {a.invitation !== null && <Activation application={a} status={a.invitation.status} />}
    </article>
  );
}

/** The answers under the questions as they are now, in their order; a question that is gone is named by its key, at the end. */
function Answers({ application }: { application: Application }) {
  const { language } = useLanguage();
  const { data: form } = useQuery(applicationFormQuery);
  const intl = useIntl();
  const place = (key: string) => {
    const at = form?.questions.findIndex((q) => q.key === key) ?? 0;
    return at < 0 ? Infinity : at;
  };
  const answers = Object.entries(application.payload_json.answers ?? {}).toSorted(([a], [b]) => place(a) - place(b) || 0);
  if (answers.length === 0) return null;
  return (
    <dl className="vstack s">
      {answers.map(([key, answer]) => {
        const question = form?.questions.find((q) => q.key === key);
        const option = question?.options?.find((o) => o.value === answer);
        const text =
          question?.kind === "checkbox"
            ? intl.formatMessage({ id: "manage.applications.yes" })
            : option
              ? inLanguage(option.label, language)
              : answer;
        return (
          <div key={key}>
            <dt className="small muted">{question ? inLanguage(question.label, language) : key}</dt>
            <dd dir="auto">{text}</dd>
          </div>
        );
      })}
    </dl>
  );
}

function Decide({ application: { id, display_name: name } }: { application: Application }) {
  const intl = useIntl();
  const [rejecting, setRejecting] = useState(false);
  const [reason, setReason] = useState("");
  const params = { path: { application_id: id } };
  const approve = useAction({
    run: (_: void, headers) => ok(identity.POST("/api/v1/portal/applications/{application_id}/approve", { params, headers })),
    stale,
    done: intl.formatMessage({ id: "manage.applications.approved.done" }, { name }),
  });
  const reject = useAction({
    run: (_: void, headers) =>
      ok(identity.POST("/api/v1/portal/applications/{application_id}/reject", { params, body: { reason: reason.trim() }, headers })),
    stale,
    done: intl.formatMessage({ id: "manage.applications.rejected.done" }, { name }),
    onDone: () => setRejecting(false),
  });
  return (
    <>
      <ActionError error={approve.error} />
      <div className="btns">
        <Button variant="primary" pending={approve.pending} onPress={() => approve.start()}>
          <FormattedMessage id="manage.applications.approve" />
        </Button>
        <Button onPress={() => setRejecting(true)}>
          <FormattedMessage id="manage.applications.reject" />
        </Button>
      </div>
      <Dialog
        open={rejecting}
        onClose={() => setRejecting(false)}
        title={intl.formatMessage({ id: "manage.applications.reject.title" }, { name })}
        closeLabel={intl.formatMessage({ id: "action.close" })}
      >
        <div className="vstack">
          <TextArea
            label={intl.formatMessage({ id: "manage.applications.reason" })}
            help={intl.formatMessage({ id: "manage.applications.reason.help" })}
            value={reason}
            onChange={setReason}
            maxLength={1000}
            rows={4}
          />
          <ActionError error={reject.error} />
          <div className="btns right">
            <Button onPress={() => setRejecting(false)}>
              <FormattedMessage id="action.cancel" />
            </Button>
            <Button variant="danger" pending={reject.pending} onPress={() => reject.start()}>
              <FormattedMessage id="manage.applications.reject" />
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}

/** Whether the account of an approved application was activated; while it was not, the mail can be sent again. */
function Activation({ application, status }: { application: Application; status: string }) {
  const intl = useIntl();
  const resend = useAction({
    run: (_: void, headers) =>
      ok(
        identity.POST("/api/v1/portal/applications/{application_id}/resend", {
          params: { path: { application_id: application.id } },
          headers,
        }),
      ),
    stale,
    done: intl.formatMessage({ id: "manage.invitations.resent" }),
  });
  const waits = status === "sent" || status === "expired";
  return (
    <div className="line">
      <span className="small muted grow">
        <FormattedMessage id={waits ? `manage.activation.${status}` : "manage.activation.done"} />
      </span>
      {waits && (
        <Button size="s" pending={resend.pending} onPress={() => resend.start()}>
          <FormattedMessage id="manage.invitations.resend" />
        </Button>
      )}
      <ActionError error={resend.error} />
    </div>
  );
}
