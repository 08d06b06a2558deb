import { useQuery } from "@tanstack/react-query";
import { ApiError } from "@updspace/kit/answer.ts";
import type { bff as api } from "@updspace/api";
import { bff, ok } from "@updspace/kit/api.ts";
import { ActionError, ErrorPage, errorText, fieldErrors } from "@updspace/kit/errors.tsx";
import { atField } from "@updspace/kit/forms.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { useLanguage } from "@updspace/kit/words.tsx";
import { Button } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { PasswordField } from "@updspace/ui/PasswordField";
import { RadioCards } from "@updspace/ui/RadioCards";
import { Skeleton } from "@updspace/ui/Skeleton";
import { TextField } from "@updspace/ui/TextField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { boot, signInAddress } from "../../session.ts";
import styles from "./onboarding.module.css";
import { invitationQuery } from "./queries.ts";

type Invitation = api.components["schemas"]["InvitationPreview"];

const ways = ["password", "link"] as const;

/** Where the link of an invitation or an approval leads: the person activates the account and comes in. Opening it changes nothing. */
export function InvitePage({ token }: { token: string }) {
  const intl = useIntl();
  const { data: invitation, error, isPending, refetch } = useQuery(invitationQuery(token));
  const [joined, setJoined] = useState(false);
  const title = intl.formatMessage({ id: "apply.invite.title" }, { tenant: boot.tenant?.name ?? "" });
  if (isPending) return <Skeleton label={intl.formatMessage({ id: "loading" })} />;
  if (!invitation) {
    if (!(error instanceof ApiError) || error.status >= 500) return <ErrorPage page error={error} retry={() => void refetch()} />;
    return (
      <>
        <PageHead title={title} />
        <div className="card">
          <EmptyState
            title={errorText(intl, error)}
            action={
              <LinkButton href="/sign-in">
                <FormattedMessage id="shell.signIn" />
              </LinkButton>
            }
          >
            <FormattedMessage id="apply.invite.broken" />
          </EmptyState>
        </div>
      </>
    );
  }
  return (
    <div className={styles["narrow"]}>
      <PageHead title={title} sub={<bdi>{invitation.email}</bdi>} />
      {joined ? <SignIn /> : <InviteForm token={token} invitation={invitation} onJoined={() => setJoined(true)} />}
    </div>
  );
}

/** The holder of an account becomes a member, and signs in as ever. */
function SignIn() {
  return (
    <section className="card pad-l vstack" role="status">
      <h2>
        <FormattedMessage id="apply.invite.joined" />
      </h2>
      <p>
        <FormattedMessage id="apply.invite.joined.text" />
      </p>
      <div className="btns">
        <LinkButton href={signInAddress("/")} variant="primary" external>
          <FormattedMessage id="shell.signIn" />
        </LinkButton>
      </div>
    </section>
  );
}

interface InviteFormProps {
  token: string;
  invitation: Invitation;
  onJoined: () => void;
}

function InviteForm({ token, invitation, onJoined }: InviteFormProps) {
  const intl = useIntl();
  const { language } = useLanguage();
  const [name, setName] = useState(invitation.display_name);
  const [username, setUsername] = useState("");
  const [way, setWay] = useState<(typeof ways)[number]>("password");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const accept = useAction({
    run: (_: void, headers) => {
      const own = {
        display_name: name.trim(),
        username: username.trim(),
        language: language === "ru" ? ("ru" as const) : ("en" as const),
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        ...(way === "password" && { password }),
      };
      const call = ok(bff.POST("/api/v1/invite/activate", { body: { token, ...(!invitation.has_account && own) }, headers }));
      return atField(call, "USERNAME_TAKEN", "username", intl.formatMessage({ id: "error.USERNAME_TAKEN" }));
    },
    onDone: ({ signed_in }) => (signed_in ? location.assign("/") : onJoined()),
  });
  const errors = fieldErrors(intl, accept.error);
  const missing = intl.formatMessage({ id: "field.REQUIRED" });
  const empty = (text: string) => (tried && text.trim() === "" ? missing : undefined);
  const complete = invitation.has_account || (name.trim() !== "" && (way === "link" || password !== ""));
  return (
    <form
      className="card pad-l form"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        setTried(true);
        if (complete) accept.start();
      }}
    >
      <ActionError error={accept.error} />
      {invitation.has_account ? (
        <p>
          <FormattedMessage id="apply.invite.account" />
        </p>
      ) : (
        <>
          <TextField
            label={intl.formatMessage({ id: "apply.name" })}
            help={intl.formatMessage({ id: "apply.name.help" })}
            value={name}
            onChange={setName}
            autoComplete="nickname"
            maxLength={128}
            required
            error={errors["display_name"] ?? empty(name)}
          />
          <TextField
            label={intl.formatMessage({ id: "apply.invite.username" })}
            help={intl.formatMessage({ id: "apply.invite.username.help" })}
            value={username}
            onChange={setUsername}
            autoComplete="username"
            maxLength={32}
            error={errors["username"]}
          />
          <RadioCards
            legend={intl.formatMessage({ id: "apply.invite.way" })}
            value={way}
            onChange={setWay}
            choices={ways.map((id) => ({
              id,
              name: intl.formatMessage({ id: `apply.invite.way.${id}` }),
              help: intl.formatMessage({ id: `apply.invite.way.${id}.help` }),
            }))}
          />
          {way === "password" && (
            <PasswordField
              label={intl.formatMessage({ id: "apply.invite.password" })}
              help={intl.formatMessage({ id: "apply.invite.password.help" })}
              value={password}
              onChange={setPassword}
              autoComplete="new-password"
              showLabel={intl.formatMessage({ id: "apply.invite.password.show" })}
              hideLabel={intl.formatMessage({ id: "apply.invite.password.hide" })}
              required
              error={errors["password"] ?? empty(password)}
            />
          )}
        </>
      )}
      <div className="btns">
        <Button type="submit" variant="primary" pending={accept.pending}>
          <FormattedMessage id={invitation.has_account ? "apply.invite.join" : "apply.invite.activate"} />
        </Button>
      </div>
    </form>
  );
}
