import { useEffect, useRef, useState, type FormEvent } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ApiError, ok } from "@updspace/kit/answer.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { identity } from "../../api.ts";
import { NewPasswordField } from "./NewPasswordField.tsx";

interface SetPasswordProps {
  token: string;
  onDone: () => void;
  onExpired: () => void;
}

const gone = ["TOKEN_NOT_FOUND", "TOKEN_USED", "TOKEN_EXPIRED"];

/** Sets the password of the account of a link. */
export function SetPassword({ token, onDone, onExpired }: SetPasswordProps) {
  const intl = useIntl();
  const [password, setPassword] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const set = useAction({
    run: (next: string, headers) => ok(identity.POST("/api/v1/auth/password/reset", { body: { token, new_password: next }, headers })),
    onDone,
  });
  const { error } = set;
  const refused = fieldErrors(intl, error)["new_password"];
  useEffect(() => {
    if (error instanceof ApiError && error.fields["new_password"] !== undefined) input.current?.focus();
  }, [error]);
  const expired = error instanceof ApiError && gone.includes(error.code);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    set.start(password);
  };
  return (
    <form className="form" noValidate onSubmit={submit}>
      {refused === undefined && <ActionError error={error} />}
      {expired ? (
        <Button variant="primary" size="big" wide onPress={onExpired}>
          <FormattedMessage id="reset.again" />
        </Button>
      ) : (
        <>
          <NewPasswordField value={password} onChange={setPassword} error={refused} inputRef={input} autoFocus />
          <Button type="submit" variant="primary" size="big" wide pending={set.pending}>
            <FormattedMessage id="reset.button" />
          </Button>
        </>
      )}
    </form>
  );
}
