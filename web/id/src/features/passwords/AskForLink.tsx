import { useRef, useState, type FormEvent } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { TextField } from "@updspace/ui/TextField";
import { identity } from "../../api.ts";
import { boot } from "../../boot.ts";

/** Asks for the mail with the link. The answer is the same for every address. */
export function AskForLink({ onDone }: { onDone: () => void }) {
  const intl = useIntl();
  const [email, setEmail] = useState(boot.account?.email ?? "");
  const [missing, setMissing] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const ask = useAction({
    run: (address: string, headers) => ok(identity.POST("/api/v1/auth/password/reset/request", { body: { email: address }, headers })),
    onDone,
  });
  const submit = (e: FormEvent) => {
    e.preventDefault();
    const address = email.trim();
    setMissing(!address);
    if (address) ask.start(address);
    else input.current?.focus();
  };
  return (
    <form className="form" noValidate onSubmit={submit}>
      <ActionError error={ask.error} />
      <TextField
        name="email"
        label={intl.formatMessage({ id: "signin.email" })}
        type="email"
        inputMode="email"
        autoComplete="username"
        maxLength={254}
        value={email}
        onChange={setEmail}
        autoFocus
        inputRef={input}
        error={missing ? intl.formatMessage({ id: "field.REQUIRED" }) : fieldErrors(intl, ask.error)["email"]}
      />
      <Button type="submit" variant="primary" size="big" wide pending={ask.pending}>
        <FormattedMessage id="reset.send" />
      </Button>
    </form>
  );
}
