import { useState, type FormEvent, type ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { FormattedMessage, useIntl } from "react-intl";
import { ApiError, ok } from "@updspace/kit/answer.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { PasswordField } from "@updspace/ui/PasswordField";
import { TextField } from "@updspace/ui/TextField";
import { identity, orSignIn } from "../../api.ts";
import { showPasskey } from "../../passkeys.ts";
import { FactorError } from "./FactorError.tsx";

interface Asked {
  confirm: () => void;
  cancel: () => void;
}

/** Calls that change how one signs in. When the server wants a fresh proof first, a dialog asks for it and the call is made again. */
export function useStepUp(): { confirmed: <T>(call: () => Promise<T>) => Promise<T>; dialog: ReactNode } {
  const [asked, setAsked] = useState<Asked>();
  const confirmed = async <T,>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (e) {
      if (!(e instanceof ApiError) || e.code !== "REAUTHENTICATION_REQUIRED") return orSignIn(e);
      await new Promise<void>((confirm, reject) => setAsked({ confirm, cancel: () => reject(e) })).finally(() => setAsked(undefined));
      return call();
    }
  };
  return { confirmed, dialog: asked && <StepUpDialog {...asked} /> };
}

function StepUpDialog({ confirm, cancel }: Asked) {
  const intl = useIntl();
  const { data } = useQuery({
    queryKey: ["/api/v1/auth/reauth/begin"],
    queryFn: () => ok(identity.POST("/api/v1/auth/reauth/begin")),
    gcTime: 0,
    staleTime: 0,
  });
  return (
    <Dialog
      open
      onClose={cancel}
      title={intl.formatMessage({ id: "stepup.title" })}
      closeLabel={intl.formatMessage({ id: "action.cancel" })}
    >
      <div className="vstack">
        <p className="muted">
          <FormattedMessage id="stepup.text" />
        </p>
        {data && <Ways ways={data.ways} options={data.request_options} onDone={confirm} />}
      </div>
    </Dialog>
  );
}

interface WaysProps {
  ways: readonly string[];
  options: Record<string, unknown> | null;
  onDone: () => void;
}

function Ways({ ways, options, onDone }: WaysProps) {
  const intl = useIntl();
  const [secret, setSecret] = useState("");
  const withPassword = ways.includes("password");
  const typed = useAction({
    run: (_: void, headers) =>
      ok(identity.POST("/api/v1/auth/reauth", { body: withPassword ? { password: secret } : { mfa_code: secret }, headers })),
    onDone,
  });
  const shown = useAction({
    run: async (_: void, headers) => {
      if (!options) throw new Error("no passkey is asked for");
      return ok(identity.POST("/api/v1/auth/reauth", { body: { credential: await showPasskey(options) }, headers }));
    },
    onDone,
  });
  const submit = (e: FormEvent) => {
    e.preventDefault();
    e.stopPropagation();
    if (secret && !typed.pending) typed.start();
  };
  if (ways.length === 0) {
    return (
      <p>
        <FormattedMessage id="stepup.none" />{" "}
        <a className="link" href="/reset">
          <FormattedMessage id="reset.ask" />
        </a>
      </p>
    );
  }
  return (
    <>
      {options && (
        <>
          <FactorError error={shown.error} />
          <Button variant="primary" pending={shown.pending} onPress={() => shown.start()}>
            <FormattedMessage id="stepup.passkey" />
          </Button>
        </>
      )}
      {(withPassword || ways.includes("totp")) && (
        <form className="form" noValidate onSubmit={submit}>
          <ActionError error={typed.error} />
          {withPassword ? (
            <PasswordField
              label={intl.formatMessage({ id: "signin.password" })}
              autoComplete="current-password"
              value={secret}
              onChange={setSecret}
              showLabel={intl.formatMessage({ id: "field.password.show" })}
              hideLabel={intl.formatMessage({ id: "field.password.hide" })}
            />
          ) : (
            <TextField
              label={intl.formatMessage({ id: "check.code" })}
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={16}
              value={secret}
              onChange={setSecret}
            />
          )}
          <div className="btns">
            <Button type="submit" variant={options ? "line" : "primary"} pending={typed.pending}>
              <FormattedMessage id="stepup.confirm" />
            </Button>
          </div>
        </form>
      )}
    </>
  );
}
