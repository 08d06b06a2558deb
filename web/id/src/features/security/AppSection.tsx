import { CircleCheck } from "lucide-react";
import { useState, type FormEvent } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { TextField } from "@updspace/ui/TextField";
import { identity } from "../../api.ts";
import styles from "./Factors.module.css";
import { factorKeys, type Status } from "./queries.ts";
import { useStepUp } from "./StepUp.tsx";

interface AppSectionProps {
  status: Status;
  onCodes: (codes: readonly string[]) => void;
}

/** The authenticator app. */
export function AppSection({ status, onCodes }: AppSectionProps) {
  const intl = useIntl();
  const [code, setCode] = useState("");
  const { confirmed, dialog } = useStepUp();
  const [setup, setSetup] = useState<{ secret: string; svg_data_uri: string }>();
  const begin = useAction({
    run: (_: void, headers) => confirmed(() => ok(identity.POST("/api/v1/auth/mfa/totp/begin", { headers }))),
    onDone: setSetup,
  });
  const confirm = useAction({
    run: (_: void, headers) => confirmed(() => ok(identity.POST("/api/v1/auth/mfa/totp/confirm", { body: { code }, headers }))),
    stale: factorKeys,
    done: intl.formatMessage({ id: "app.added" }),
    onDone: ({ recovery_codes }) => {
      setSetup(undefined);
      setCode("");
      if (recovery_codes) onCodes(recovery_codes);
    },
  });
  const remove = useAction({
    run: (_: void, headers) => confirmed(() => ok(identity.POST("/api/v1/auth/mfa/totp/disable", { headers }))),
    stale: factorKeys,
    done: intl.formatMessage({ id: "app.removed" }),
  });
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (code.trim()) confirm.start();
  };
  return (
    <section className="card" aria-labelledby="app">
      <div className="card-head">
        <h2 id="app">
          <FormattedMessage id="app.title" />
        </h2>
        {status.has_totp && (
          <Button size="s" variant="danger" pending={remove.pending} onPress={() => remove.start()}>
            <FormattedMessage id="app.remove" />
          </Button>
        )}
      </div>
      <div className={`vstack ${styles.body}`}>
        <ActionError error={begin.error ?? remove.error} />
        {status.has_totp ? (
          <p className="state ok">
            <CircleCheck className="i s" aria-hidden="true" />
            <FormattedMessage id="app.on" />
          </p>
        ) : setup ? (
          <form className="form" noValidate onSubmit={submit}>
            <p>
              <FormattedMessage id="app.scan" />
            </p>
            <img className={styles.qr} src={setup.svg_data_uri} alt={intl.formatMessage({ id: "app.qr" })} />
            <p className="small">
              <FormattedMessage id="app.key" /> <code className={styles.key}>{setup.secret}</code>
            </p>
            <ActionError error={confirm.error} />
            <TextField
              label={intl.formatMessage({ id: "check.code" })}
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={16}
              value={code}
              onChange={setCode}
            />
            <div className="btns">
              <Button type="submit" variant="primary" pending={confirm.pending}>
                <FormattedMessage id="app.confirm" />
              </Button>
              <Button onPress={() => setSetup(undefined)}>
                <FormattedMessage id="action.cancel" />
              </Button>
            </div>
          </form>
        ) : (
          <>
            <p className="muted">
              <FormattedMessage id={status.has_password ? "app.off" : "app.noPassword"} />
            </p>
            {status.has_password && (
              <div className="btns">
                <Button pending={begin.pending} onPress={() => begin.start()}>
                  <FormattedMessage id="app.add" />
                </Button>
              </div>
            )}
          </>
        )}
      </div>
      {dialog}
    </section>
  );
}
