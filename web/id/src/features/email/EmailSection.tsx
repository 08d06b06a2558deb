import { useSuspenseQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { TextField } from "@updspace/ui/TextField";
import { identity, orSignIn } from "../../api.ts";
import styles from "../profile/Profile.module.css";
import { useStepUp } from "../security/StepUp.tsx";
import { emailQuery } from "./queries.ts";

/** The address of the account, and the change that waits for the new address to confirm it. */
export function EmailSection() {
  const intl = useIntl();
  const { email, pending, bounced_at } = useSuspenseQuery(emailQuery).data;
  const [address, setAddress] = useState("");
  const { confirmed, dialog } = useStepUp();
  const change = useAction({
    run: (new_email: string, headers) => confirmed(() => ok(identity.POST("/api/v1/auth/email/change", { body: { new_email }, headers }))),
    stale: [emailQuery.queryKey],
    onDone: () => setAddress(""),
  });
  const resend = useAction({
    run: (_: void, headers) => ok(identity.POST("/api/v1/auth/email/resend", { headers })).catch(orSignIn),
    stale: [emailQuery.queryKey],
    done: intl.formatMessage({ id: "email.resent" }),
  });
  const allow = useAction({
    run: (_: void, headers) => ok(identity.POST("/api/v1/auth/email/allow", { headers })).catch(orSignIn),
    stale: [emailQuery.queryKey],
    done: intl.formatMessage({ id: "email.allowed" }),
  });
  const refused = fieldErrors(intl, change.error)["new_email"];
  const submit = (e: FormEvent) => {
    e.preventDefault();
    change.start(address.trim());
  };
  return (
    <section className="card" aria-labelledby="email">
      {dialog}
      <div className="card-head">
        <h2 id="email">
          <FormattedMessage id="email.title" />
        </h2>
      </div>
      <div className={styles.body}>
        {bounced_at && (
          <div className="vstack s" role="status">
            <p>
              <FormattedMessage
                id="email.bounced"
                values={{ email: <strong className={styles.address}>{email}</strong>, time: <Time at={bounced_at} /> }}
              />
            </p>
            <ActionError error={allow.error} />
            <div className="btns">
              <Button pending={allow.pending} onPress={() => allow.start()}>
                <FormattedMessage id="email.allow" />
              </Button>
            </div>
          </div>
        )}
        {pending ? (
          <div className="vstack s" role="status">
            <p>
              <FormattedMessage
                id="email.pending"
                values={{ email: <strong className={styles.address}>{pending.email}</strong>, time: <Time at={pending.expires_at} /> }}
              />
            </p>
            <ActionError error={resend.error ?? change.error} />
            <div className="btns">
              <Button pending={resend.pending} onPress={() => resend.start()}>
                <FormattedMessage id="email.resend" />
              </Button>
              <Button variant="quiet" pending={change.pending} onPress={() => change.start(email)}>
                <FormattedMessage id="email.cancel" />
              </Button>
            </div>
          </div>
        ) : (
          <form className="form" noValidate onSubmit={submit}>
            {refused === undefined && <ActionError error={change.error} />}
            <TextField
              name="new-email"
              label={intl.formatMessage({ id: "email.new" })}
              help={intl.formatMessage({ id: "email.help" }, { email })}
              type="email"
              inputMode="email"
              autoComplete="email"
              maxLength={254}
              value={address}
              onChange={setAddress}
              error={refused}
            />
            <div className="btns">
              <Button type="submit" pending={change.pending}>
                <FormattedMessage id="email.button" />
              </Button>
            </div>
          </form>
        )}
      </div>
    </section>
  );
}
