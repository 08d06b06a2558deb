import { useEffect, useRef, useState, type FormEvent } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ApiError, ok } from "@updspace/kit/answer.ts";
import { ActionError, errorText, fieldErrors } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { PasswordField } from "@updspace/ui/PasswordField";
import { identity, orSignIn } from "../../api.ts";
import { useAccount } from "../../session.ts";
import { sessionsQuery } from "../sessions/queries.ts";
import { NewPasswordField } from "./NewPasswordField.tsx";
import styles from "./PasswordSection.module.css";

const empty = { current: "", next: "" };

/** Changes the password. The other sessions end. */
export function PasswordSection() {
  const intl = useIntl();
  const { email } = useAccount();
  const [values, setValues] = useState(empty);
  const currentInput = useRef<HTMLInputElement>(null);
  const nextInput = useRef<HTMLInputElement>(null);
  const change = useAction({
    run: ({ current, next }: typeof empty, headers) =>
      ok(identity.POST("/api/v1/auth/change_password", { body: { current_password: current, new_password: next }, headers })).catch(
        orSignIn,
      ),
    stale: [sessionsQuery.queryKey],
    done: intl.formatMessage({ id: "password.changed" }),
    onDone: () => setValues(empty),
  });
  const { error } = change;
  const wrong = error instanceof ApiError && error.code === "INVALID_PASSWORD" ? errorText(intl, error) : undefined;
  const refused = fieldErrors(intl, error)["new_password"];
  useEffect(() => {
    if (!(error instanceof ApiError)) return;
    if (error.code === "INVALID_PASSWORD") currentInput.current?.select();
    else if (error.fields["new_password"] !== undefined) nextInput.current?.focus();
  }, [error]);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    change.start(values);
  };
  return (
    <section className="card" aria-labelledby="password">
      <div className="card-head">
        <h2 id="password">
          <FormattedMessage id="password.title" />
        </h2>
      </div>
      <div className={styles.body}>
        <form className="form" noValidate onSubmit={submit}>
          {wrong === undefined && refused === undefined && <ActionError error={error} />}
          <input className="vh" type="email" autoComplete="username" value={email} readOnly tabIndex={-1} aria-hidden="true" />
          <PasswordField
            name="current-password"
            label={intl.formatMessage({ id: "password.current" })}
            autoComplete="current-password"
            value={values.current}
            onChange={(current) => setValues({ ...values, current })}
            error={wrong}
            inputRef={currentInput}
            showLabel={intl.formatMessage({ id: "field.password.show" })}
            hideLabel={intl.formatMessage({ id: "field.password.hide" })}
          />
          <NewPasswordField value={values.next} onChange={(next) => setValues({ ...values, next })} error={refused} inputRef={nextInput} />
          <p className="small muted">
            <FormattedMessage id="password.others" />{" "}
            <a className="link" href="/reset">
              <FormattedMessage id="password.none" />
            </a>
          </p>
          <div className="btns">
            <Button type="submit" variant="primary" pending={change.pending}>
              <FormattedMessage id="password.button" />
            </Button>
          </div>
        </form>
      </div>
    </section>
  );
}
