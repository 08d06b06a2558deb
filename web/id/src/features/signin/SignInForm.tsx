import { useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ApiError } from "@updspace/kit/answer.ts";
import { ActionError, fieldErrors, useSecondsLeft } from "@updspace/kit/errors.tsx";
import { useAction, type WriteHeaders } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { PasswordField } from "@updspace/ui/PasswordField";
import { TextField } from "@updspace/ui/TextField";
import { secondStep, signer, type Credentials, type SignedIn } from "./login.ts";
import { NewCodes } from "./NewCodes.tsx";
import { SecondStep } from "./SecondStep.tsx";

interface SignInFormProps {
  /** What is known of who signs in. */
  email?: string | undefined;
  /** The account is settled: only its password is asked. */
  onlyPassword?: boolean;
  formToken?: string | undefined;
  onDone: () => void;
  /** Other ways to sign in, below the first step. */
  children?: ReactNode;
}

// Without react-hook-form and valibot, which cost more than this page has left for two fields.
export function SignInForm({ email: known = "", onlyPassword = false, formToken, onDone, children }: SignInFormProps) {
  const intl = useIntl();
  const [run] = useState(() => signer(formToken));
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState("");
  const [missing, setMissing] = useState<Partial<Credentials>>({});
  const emailInput = useRef<HTMLInputElement>(null);
  const passwordInput = useRef<HTMLInputElement>(null);
  const [codes, setCodes] = useState<readonly string[]>();
  const done = ({ recovery_codes }: SignedIn) => (recovery_codes ? setCodes(recovery_codes) : onDone());
  const action = useAction({ run, onDone: done });
  const { error } = action;
  const wait = useSecondsLeft(error);
  useEffect(() => {
    if (!(error instanceof ApiError)) return;
    if (error.code === "INVALID_CREDENTIALS") passwordInput.current?.select();
    else if (error.fields["email"] !== undefined) emailInput.current?.focus();
  }, [error]);
  const second = secondStep(error);
  if (codes) return <NewCodes codes={codes} onDone={onDone} />;
  if (second) {
    const send = (shown: Partial<Credentials>, headers: WriteHeaders) => run({ email: email.trim(), password, ...shown }, headers);
    return <SecondStep second={second} lead={<FormattedMessage id="check.lead" />} send={send} onDone={done} />;
  }
  const refused = fieldErrors(intl, error);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (wait > 0 || action.pending) return;
    const required = intl.formatMessage({ id: "field.REQUIRED" });
    setMissing({ ...(!email.trim() && { email: required }), ...(!password && { password: required }) });
    if (!email.trim()) emailInput.current?.focus();
    else if (!password) passwordInput.current?.focus();
    else action.start({ email: email.trim(), password });
  };
  return (
    <>
      <form className="form" noValidate onSubmit={submit}>
        <ActionError error={error} />
        {onlyPassword ? (
          <input className="vh" type="email" autoComplete="username" value={email} readOnly tabIndex={-1} aria-hidden="true" />
        ) : (
          <TextField
            name="email"
            label={intl.formatMessage({ id: "signin.email" })}
            type="email"
            inputMode="email"
            autoComplete="username webauthn"
            maxLength={254}
            value={email}
            onChange={setEmail}
            autoFocus={!known}
            inputRef={emailInput}
            error={missing.email ?? refused["email"]}
          />
        )}
        <PasswordField
          name="password"
          label={intl.formatMessage({ id: "signin.password" })}
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          autoFocus={known !== ""}
          inputRef={passwordInput}
          showLabel={intl.formatMessage({ id: "field.password.show" })}
          hideLabel={intl.formatMessage({ id: "field.password.hide" })}
          error={missing.password ?? refused["password"]}
        />
        <Button type="submit" variant={wait > 0 ? "line" : "primary"} size="big" wide pending={action.pending || wait > 0}>
          {wait > 0 ? <FormattedMessage id="signin.wait" values={{ seconds: wait }} /> : <FormattedMessage id="signin.button" />}
        </Button>
      </form>
      {children}
    </>
  );
}
