import { access, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { focusInvalid } from "@updspace/kit/forms.tsx";
import { usePersonName } from "@updspace/kit/people.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { useNow } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { TextArea } from "@updspace/ui/TextArea";
import { useState } from "react";
import { flushSync } from "react-dom";
import { useIntl } from "react-intl";
import { endOf, expiryOf } from "./expiry.ts";
import { ExpiryFields } from "./ExpiryFields.tsx";
import { overridesKey, type Override } from "./queries.ts";

interface ChangeOverrideProps {
  override: Override;
  open: boolean;
  onClose: () => void;
}

/** Changes why an exception stands and until when. Whom and what it is about stays: that would be another exception. */
export function ChangeOverride({ override, open, onClose }: ChangeOverrideProps) {
  const intl = useIntl();
  const name = usePersonName(override.user_id);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={intl.formatMessage({ id: "manage.override.change.title" }, { name })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <Fields override={override} onClose={onClose} />
    </Dialog>
  );
}

function Fields({ override, onClose }: Omit<ChangeOverrideProps, "open">) {
  const intl = useIntl();
  const now = useNow();
  const [reason, setReason] = useState(override.reason);
  const [expiry, setExpiry] = useState(() => expiryOf(override.expires_at));
  const [tried, setTried] = useState(false);
  const kept = expiry.span === "date" && expiry.at === override.expires_at; // also one that is over: its reason can be corrected
  const end = kept ? override.expires_at : endOf(expiry, now);
  const save = useAction({
    run: (expires_at: string | null, headers) =>
      ok(
        access.PATCH("/api/v1/access/policy-overrides/{override_id}", {
          params: { path: { override_id: override.id } },
          body: { reason: reason.trim(), expires_at },
          headers,
        }),
      ),
    stale: [[overridesKey]],
    done: intl.formatMessage({ id: "manage.override.changed" }),
    onDone: onClose,
  });
  return (
    <form
      className="form"
      onSubmit={(e) => {
        e.preventDefault();
        flushSync(() => setTried(true));
        focusInvalid(e.currentTarget);
        if (reason.trim() !== "" && end !== undefined) save.start(end);
      }}
    >
      <ActionError error={save.error} />
      <TextArea
        label={intl.formatMessage({ id: "manage.override.reason" })}
        help={intl.formatMessage({ id: "manage.override.reason.help" })}
        value={reason}
        onChange={setReason}
        rows={2}
        maxLength={255}
        error={tried && reason.trim() === "" ? intl.formatMessage({ id: "field.REQUIRED" }) : undefined}
      />
      <ExpiryFields
        value={expiry}
        onChange={setExpiry}
        error={tried && end === undefined ? intl.formatMessage({ id: "manage.until.past" }) : undefined}
      />
      <div className="btns right">
        <Button onPress={onClose}>{intl.formatMessage({ id: "action.cancel" })}</Button>
        <Button type="submit" variant="primary" pending={save.pending}>
          {intl.formatMessage({ id: "action.save" })}
        </Button>
      </div>
    </form>
  );
}
