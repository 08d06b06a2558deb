import { useState, type FormEvent } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ActionError } from "@updspace/kit/errors.tsx";
import { Button } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { TextField } from "@updspace/ui/TextField";

interface ReasonDialogProps {
  title: string;
  /** What follows from it. */
  text: string;
  /** What the button says. */
  action: string;
  danger?: boolean;
  /** Who reads the reason; left out: it is in the journal only. */
  help?: string;
  run: { start: (reason: string) => void; pending: boolean; error: Error | null };
  onClose: () => void;
}

const longest = 500;

/** Asks for the reason of an act, which the journal keeps. */
export function ReasonDialog({ title, text, action, danger = false, help, run, onClose }: ReasonDialogProps) {
  const intl = useIntl();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    const given = reason.trim();
    setMissing(given === "");
    if (given !== "" && !run.pending) run.start(given);
  };
  return (
    <Dialog open onClose={onClose} title={title} closeLabel={intl.formatMessage({ id: "action.cancel" })}>
      <form className="form" noValidate onSubmit={submit}>
        <p>{text}</p>
        <ActionError error={run.error} />
        <TextField
          label={intl.formatMessage({ id: "admin.reason" })}
          help={help ?? intl.formatMessage({ id: "admin.reason.help" })}
          maxLength={longest}
          value={reason}
          onChange={setReason}
          error={missing ? intl.formatMessage({ id: "field.REQUIRED" }) : undefined}
        />
        <div className="btns">
          <Button type="submit" variant={danger ? "danger" : "primary"} pending={run.pending}>
            {action}
          </Button>
          <Button variant="quiet" onPress={onClose}>
            <FormattedMessage id="action.cancel" />
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
