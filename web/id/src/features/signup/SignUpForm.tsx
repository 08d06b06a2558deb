import { useEffect, useRef, useState, type FormEvent } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ApiError, ok } from "@updspace/kit/answer.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { useAction, type WriteHeaders } from "@updspace/kit/queries.ts";
import { useLanguage } from "@updspace/kit/words.tsx";
import { Button } from "@updspace/ui/Button";
import { Checkbox } from "@updspace/ui/Checkbox";
import { TextField } from "@updspace/ui/TextField";
import { identity } from "../../api.ts";
import { NewPasswordField } from "../passwords/NewPasswordField.tsx";
import { isUnderAge } from "./age.ts";

interface SignUpFormProps {
  tenant: string;
  email: string | undefined;
  formToken: string;
  onDone: (email: string) => void;
}

const empty = {
  name: "",
  email: "",
  password: "",
  birthDate: "",
  minor: false,
  guardianEmail: "",
  guardianConsents: false,
  processing: false,
  marketing: false,
};

type Values = typeof empty;

export function SignUpForm({ tenant, email = "", formToken, onDone }: SignUpFormProps) {
  const intl = useIntl();
  const { language } = useLanguage();
  const [values, setValues] = useState<Values>({ ...empty, email });
  const [attempts, setAttempts] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const token = useRef(formToken);
  const set = <K extends keyof Values>(name: K) => {
    return (value: Values[K]) => setValues({ ...values, [name]: value });
  };
  const [now] = useState(() => new Date());
  const underAge = values.minor || isUnderAge(values.birthDate, now);
  const register = useAction({
    run: async (v: Values, headers: WriteHeaders) => {
      const send = (form_token: string, headers?: WriteHeaders) =>
        ok(
          identity.POST("/api/v1/auth/signup", {
            body: {
              tenant,
              email: v.email.trim(),
              password: v.password,
              form_token,
              username: v.name.trim(),
              language: language === "ru" ? "ru" : "en",
              timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
              consent_data_processing: v.processing,
              consent_marketing: v.marketing,
              is_minor: underAge,
              guardian_email: underAge ? v.guardianEmail.trim() : "",
              guardian_consent: underAge && v.guardianConsents,
              birth_date: v.birthDate,
              accepts_verification: true,
            },
            ...(headers && { headers }),
          }),
        );
      try {
        return await send(token.current, headers);
      } catch (e) {
        if (!(e instanceof ApiError) || e.code !== "INVALID_FORM_TOKEN") throw e; // the page has waited for longer than its token holds
        const fresh = await ok(identity.GET("/api/v1/auth/form_token", { params: { query: { purpose: "register" } } }));
        token.current = fresh.form_token;
        return send(token.current);
      }
    },
    onDone: () => onDone(values.email.trim()),
  });
  const { error } = register;
  useEffect(() => {
    if (error || attempts > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error, attempts]);
  const refused = fieldErrors(intl, error);
  const missing = intl.formatMessage({ id: "field.REQUIRED" });
  const needed = (value: string | boolean) => (attempts > 0 && !value ? missing : undefined);
  const complete =
    values.name.trim() &&
    values.email.trim() &&
    values.password &&
    values.processing &&
    (!underAge || (values.guardianEmail.trim() && values.guardianConsents));
  const submit = (e: FormEvent) => {
    e.preventDefault();
    setAttempts(attempts + 1);
    if (complete) register.start(values);
  };
  return (
    <form ref={form} className="form" noValidate onSubmit={submit}>
      <ActionError error={error} />
      <TextField
        name="nickname"
        label={intl.formatMessage({ id: "profile.displayName" })}
        autoComplete="nickname"
        maxLength={128}
        value={values.name}
        onChange={set("name")}
        autoFocus
        error={refused["username"] ?? needed(values.name.trim())}
      />
      <TextField
        name="email"
        label={intl.formatMessage({ id: "signin.email" })}
        type="email"
        inputMode="email"
        autoComplete="username"
        maxLength={254}
        value={values.email}
        onChange={set("email")}
        error={refused["email"] ?? needed(values.email.trim())}
      />
      <NewPasswordField value={values.password} onChange={set("password")} error={refused["password"] ?? needed(values.password)} />
      <TextField
        name="bday"
        label={intl.formatMessage({ id: "profile.birthDate" })}
        help={intl.formatMessage({ id: "profile.optional" })}
        type="date"
        autoComplete="bday"
        value={values.birthDate}
        onChange={set("birthDate")}
        error={refused["birth_date"]}
      />
      <Checkbox label={<FormattedMessage id="signup.minor" />} checked={underAge} onChange={set("minor")} />
      {underAge && (
        <>
          <TextField
            name="guardian"
            label={intl.formatMessage({ id: "signup.guardian" })}
            help={intl.formatMessage({ id: "signup.guardianHelp" })}
            type="email"
            inputMode="email"
            autoComplete="off"
            maxLength={254}
            value={values.guardianEmail}
            onChange={set("guardianEmail")}
            error={refused["guardian_email"] ?? needed(values.guardianEmail.trim())}
          />
          <Consent
            label={<FormattedMessage id="signup.guardianConsents" />}
            checked={values.guardianConsents}
            onChange={set("guardianConsents")}
            error={needed(values.guardianConsents)}
          />
        </>
      )}
      <Consent
        label={<FormattedMessage id="signup.processing" />}
        checked={values.processing}
        onChange={set("processing")}
        error={needed(values.processing)}
      />
      <Checkbox label={<FormattedMessage id="signup.marketing" />} checked={values.marketing} onChange={set("marketing")} />
      <Button type="submit" variant="primary" size="big" wide pending={register.pending}>
        <FormattedMessage id="signup.button" />
      </Button>
    </form>
  );
}

interface ConsentProps {
  label: React.ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  error: string | undefined;
}

/** A consent that must be given. */
function Consent({ error, ...p }: ConsentProps) {
  return (
    <div>
      <Checkbox {...p} />
      {error !== undefined && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
