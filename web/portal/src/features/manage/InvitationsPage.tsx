import { useNavigate } from "@tanstack/react-router";
import { identity, ok } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { languageNames, useLanguage } from "@updspace/kit/words.tsx";
import { Button } from "@updspace/ui/Button";
import { Choice } from "@updspace/ui/Choice";
import { Confirm } from "@updspace/ui/Confirm";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { Select } from "@updspace/ui/Select";
import { TextField } from "@updspace/ui/TextField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { may, useSession } from "../../session.ts";
import { invitationPages, invitationsKey, reviewsApplications, type Invitation } from "./applications.ts";
import { InvitationList } from "./InvitationList.tsx";
import { invitationStatuses, type InvitationStatus } from "./parts.ts";
import { Refused } from "./Refused.tsx";
import style from "./manage.module.css";

const stale = [[invitationsKey]];

/** People who were invited by mail. */
export function InvitationsPage({ status }: { status: InvitationStatus }) {
  const session = useSession();
  if (!may(session, reviewsApplications)) return <Refused permission={reviewsApplications} />;
  return <Invitations status={status} />;
}

function Invitations({ status }: { status: InvitationStatus }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const query = usePages(invitationPages(status));
  return (
    <div className={style["narrow"]}>
      <PageHead
        title={intl.formatMessage({ id: "manage.invitations" })}
        sub={intl.formatMessage({ id: "manage.invitations.sub" })}
        back={{ href: "/manage", name: intl.formatMessage({ id: "nav.manage" }) }}
      />
      <Invite />
      <InvitationList />
      <Choice
        label={intl.formatMessage({ id: "manage.applications.status" })}
        value={status}
        onChange={(next) => void navigate({ to: "/manage/invitations", search: { status: next }, replace: true })}
        choices={invitationStatuses.map((id) => ({ id, name: intl.formatMessage({ id: `manage.invitations.${id}` }) }))}
        line
      />
      <PagedList
        query={query}
        empty={
          <div className="card">
            <EmptyState title={intl.formatMessage({ id: "manage.invitations.none" })} shape="people">
              <FormattedMessage id="manage.invitations.none.text" />
            </EmptyState>
          </div>
        }
      >
        {(invitations) => (
          <ul className="card rows">
            {invitations.map((i) => (
              <Row key={i.id} invitation={i} />
            ))}
          </ul>
        )}
      </PagedList>
    </div>
  );
}

function Invite() {
  const intl = useIntl();
  const { language: own } = useLanguage();
  const [email, setEmail] = useState("");
  const [language, setLanguage] = useState<"en" | "ru">(own === "ru" ? "ru" : "en");
  const [tried, setTried] = useState(false);
  const invite = useAction({
    run: (_: void, headers) => ok(identity.POST("/api/v1/portal/invitations", { body: { email: email.trim(), language }, headers })),
    stale,
    done: ({ email: to }) => intl.formatMessage({ id: "manage.invitations.invited" }, { email: to }),
    onDone: () => {
      setEmail("");
      setTried(false);
    },
  });
  const missing = tried && email.trim() === "" ? intl.formatMessage({ id: "field.REQUIRED" }) : undefined;
  const errors = fieldErrors(intl, invite.error);
  return (
    <form
      className="card pad form"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        setTried(true);
        if (email.trim() !== "") invite.start();
      }}
    >
      {errors["email"] === undefined && <ActionError error={invite.error} />}
      <TextField
        label={intl.formatMessage({ id: "manage.invitations.email" })}
        value={email}
        onChange={setEmail}
        type="email"
        inputMode="email"
        maxLength={254}
        error={errors["email"] ?? missing}
      />
      <Select
        label={intl.formatMessage({ id: "manage.invitations.language" })}
        value={language}
        onChange={setLanguage}
        choices={(["en", "ru"] as const).map((id) => ({ id, name: languageNames[id] }))}
      />
      <div className="btns">
        <Button type="submit" variant="primary" pending={invite.pending}>
          <FormattedMessage id="manage.invitations.invite" />
        </Button>
      </div>
    </form>
  );
}

function Row({ invitation: i }: { invitation: Invitation }) {
  const intl = useIntl();
  const [asked, setAsked] = useState(false);
  const params = { path: { invitation_id: i.id } };
  const resend = useAction({
    run: (_: void, headers) => ok(identity.POST("/api/v1/portal/invitations/{invitation_id}/resend", { params, headers })),
    stale,
    done: intl.formatMessage({ id: "manage.invitations.resent" }),
  });
  const revoke = useAction({
    run: (_: void, headers) => ok(identity.DELETE("/api/v1/portal/invitations/{invitation_id}", { params, headers })),
    stale,
    done: intl.formatMessage({ id: "manage.invitations.revoked.done" }),
    onDone: () => setAsked(false),
  });
  const waits = i.status === "sent" || i.status === "expired";
  return (
    <li className="row">
      <div className="grow vstack s">
        <bdi className="strong">{i.email}</bdi>
        <span className="small muted">
          <FormattedMessage id={`manage.invitations.kind.${i.kind}`} /> <Time at={i.sent_at} />
        </span>
        <ActionError error={resend.error} />
      </div>
      {waits && (
        <div className="btns">
          <Button size="s" pending={resend.pending} onPress={() => resend.start()}>
            <FormattedMessage id="manage.invitations.resend" />
          </Button>
          <Button size="s" onPress={() => setAsked(true)}>
            <FormattedMessage id="manage.invitations.revoke" />
          </Button>
        </div>
      )}
      <Confirm
        open={asked}
        onClose={() => setAsked(false)}
        title={intl.formatMessage({ id: "manage.invitations.revoke.title" }, { email: i.email })}
        action={intl.formatMessage({ id: "manage.invitations.revoke" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={revoke.pending}
        onConfirm={() => revoke.start()}
      >
        <p>
          <FormattedMessage id="manage.invitations.revoke.text" />
        </p>
        <ActionError error={revoke.error} />
      </Confirm>
    </li>
  );
}
