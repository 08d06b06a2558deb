import { useEffect, useRef, useState, type FormEvent } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ApiError, ok } from "@updspace/kit/answer.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PasswordField } from "@updspace/ui/PasswordField";
import { identity } from "../../api.ts";
import { boot } from "../../boot.ts";
import { tokenOf } from "../../fragment.ts";
import { Gate } from "../../shell/Gate.tsx";
import { HomeButton } from "../../shell/HomeButton.tsx";

const gone = ["TOKEN_NOT_FOUND", "TOKEN_USED", "TOKEN_EXPIRED", "REGISTRATION_CLOSED"];

/**
 * Confirms the address of a sign-up by the link of a mail and the password that was chosen: who reads the mail and has not signed up makes
 * no account with another person's password. Opening the link changes nothing.
 */
export function ConfirmSignUp() {
  const intl = useIntl();
  const [token] = useState(() => tokenOf(location.hash, "signup"));
  const [slug] = useState(() => new URLSearchParams(location.search).get("tenant") ?? "");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const [joined, setJoined] = useState<string>(); // where the holder of an account signs in
  const input = useRef<HTMLInputElement>(null);
  const confirm = useAction({
    run: (chosen: string, headers) =>
      ok(identity.POST("/api/v1/auth/signup/confirm", { body: { tenant: slug, token, password: chosen }, headers })),
    onDone: ({ signed_in, next }) => (signed_in ? location.assign(next) : setJoined(next)),
  });
  const { error } = confirm;
  const code = error instanceof ApiError ? error.code : "";
  useEffect(() => {
    if (error instanceof ApiError && error.code === "INVALID_PASSWORD") input.current?.select();
  }, [error]);
  const name = <bdi>{boot.tenant?.name ?? "UpdSpace"}</bdi>;
  if (joined !== undefined)
    return (
      <Gate title={<FormattedMessage id="signup.joined" values={{ name }} />} lead={<FormattedMessage id="signup.joined.lead" />}>
        <LinkButton href={joined} variant="primary" size="big" wide external>
          <FormattedMessage id="signin.button" />
        </LinkButton>
      </Gate>
    );
  const submit = (e: FormEvent) => {
    e.preventDefault();
    setTried(true);
    if (password) confirm.start(password);
    else input.current?.focus();
  };
  const again = `/signup?${new URLSearchParams({ tenant: slug })}`;
  return (
    <Gate title={<FormattedMessage id="signup.confirm" values={{ name }} />} lead={<FormattedMessage id="signup.confirm.lead" />}>
      {gone.includes(code) ? (
        <>
          <ActionError error={error} />
          {code === "REGISTRATION_CLOSED" ? (
            <HomeButton />
          ) : (
            <LinkButton href={again} variant="primary" size="big" wide external>
              <FormattedMessage id="signup.again" />
            </LinkButton>
          )}
        </>
      ) : (
        <form className="form" noValidate onSubmit={submit}>
          {code !== "INVALID_PASSWORD" && <ActionError error={error} />}
          <PasswordField
            name="password"
            label={intl.formatMessage({ id: "signup.chosen" })}
            autoComplete="current-password"
            value={password}
            onChange={setPassword}
            autoFocus
            inputRef={input}
            showLabel={intl.formatMessage({ id: "field.password.show" })}
            hideLabel={intl.formatMessage({ id: "field.password.hide" })}
            error={
              tried && !password
                ? intl.formatMessage({ id: "field.REQUIRED" })
                : code === "INVALID_PASSWORD"
                  ? intl.formatMessage({ id: "signup.wrong" })
                  : undefined
            }
          />
          <Button type="submit" variant="primary" size="big" wide pending={confirm.pending}>
            <FormattedMessage id="verify.confirm.button" />
          </Button>
          <p className="small">
            <a className="link" href={again}>
              <FormattedMessage id="signup.notMine" />
            </a>
          </p>
        </form>
      )}
    </Gate>
  );
}
