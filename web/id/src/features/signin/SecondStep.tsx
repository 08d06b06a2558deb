import { KeyRound } from "lucide-react";
import { useState, type FormEvent, type ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ApiError } from "@updspace/kit/answer.ts";
import { useSecondsLeft } from "@updspace/kit/errors.tsx";
import { useAction, type WriteHeaders } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { TextField } from "@updspace/ui/TextField";
import { showPasskey } from "../../passkeys.ts";
import { FactorError } from "../security/FactorError.tsx";
import type { Credentials, Second, SignedIn } from "./login.ts";

interface SecondStepProps {
  second: Second;
  /** What has been shown before. */
  lead: ReactNode;
  /** Sends the first step again, with what this one takes. */
  send: (shown: Partial<Credentials>, headers: WriteHeaders) => Promise<SignedIn>;
  onDone: (answer: SignedIn) => void;
}

/** The step after the first one: a code of the app, a recovery code or a passkey. */
export function SecondStep({ second: { ways, options }, lead, send, onDone }: SecondStepProps) {
  const intl = useIntl();
  const app = ways.includes("totp");
  const [recovery, setRecovery] = useState(!app && !options);
  const [code, setCode] = useState("");
  const typed = useAction({ run: send, onDone });
  const shown = useAction({
    run: async (_: void, headers) => send({ passkey_credential: await showPasskey(options ?? {}) }, headers),
    onDone,
  });
  const wait = useSecondsLeft(typed.error ?? shown.error);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (code.trim() && wait === 0 && !typed.pending) typed.start(recovery ? { recovery_code: code } : { mfa_code: code });
  };
  return (
    <div className="vstack">
      <p className="muted">{lead}</p>
      <Wrong error={typed.error ?? shown.error} />
      {options && (
        <Button variant="primary" size="big" wide pending={shown.pending} onPress={() => shown.start()}>
          <KeyRound className="i s" aria-hidden="true" />
          <FormattedMessage id="check.passkey" />
        </Button>
      )}
      {(app || recovery) && (
        <form className="form" noValidate onSubmit={submit}>
          <TextField
            key={String(recovery)}
            name="code"
            label={intl.formatMessage({ id: recovery ? "check.recoveryCode" : "check.code" })}
            inputMode={recovery ? "text" : "numeric"}
            autoComplete={recovery ? "off" : "one-time-code"}
            maxLength={32}
            value={code}
            onChange={setCode}
            autoFocus
          />
          <Button type="submit" variant={options ? "line" : "primary"} size="big" wide pending={typed.pending || wait > 0}>
            {wait > 0 ? <FormattedMessage id="signin.wait" values={{ seconds: wait }} /> : <FormattedMessage id="check.go" />}
          </Button>
        </form>
      )}
      {ways.includes("recovery_code") && (app || options || !recovery) && (
        <Button
          variant="quiet"
          onPress={() => {
            setRecovery(!recovery);
            setCode("");
            typed.reset();
          }}
        >
          {recovery ? (
            app ? (
              <FormattedMessage id="check.app" />
            ) : (
              <FormattedMessage id="action.cancel" />
            )
          ) : (
            <FormattedMessage id="check.recovery" />
          )}
        </Button>
      )}
    </div>
  );
}

/** The server says of a wrong code what it says of a wrong password. */
function Wrong({ error }: { error: Error | null }) {
  if (error instanceof ApiError && error.code === "INVALID_CREDENTIALS") {
    return (
      <div className="form-errors" role="alert">
        <FormattedMessage id="check.wrong" />
      </div>
    );
  }
  return <FactorError error={error} />;
}
