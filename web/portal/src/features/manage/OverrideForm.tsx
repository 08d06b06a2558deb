import { access, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { focusInvalid } from "@updspace/kit/forms.tsx";
import { PeopleField } from "@updspace/kit/peopleField.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { useNow } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { RadioCards } from "@updspace/ui/RadioCards";
import { TextArea } from "@updspace/ui/TextArea";
import { useState } from "react";
import { flushSync } from "react-dom";
import { useIntl } from "react-intl";
import { useSession } from "../../session.ts";
import { endOf, never } from "./expiry.ts";
import { ExpiryFields } from "./ExpiryFields.tsx";
import { every, PermissionField } from "./PermissionField.tsx";
import { overridesKey, type Override } from "./queries.ts";

export function OverrideForm({ open, onClose }: { open: boolean; onClose: () => void }) {
  const intl = useIntl();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={intl.formatMessage({ id: "manage.override.new" })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <Fields onClose={onClose} />
    </Dialog>
  );
}

function Fields({ onClose }: { onClose: () => void }) {
  const intl = useIntl();
  const tenant = useSession().tenant.id;
  const now = useNow();
  const [user, setUser] = useState("");
  const [action, setAction] = useState<Override["action"]>("deny");
  const [permission, setPermission] = useState("");
  const [reason, setReason] = useState("");
  const [expiry, setExpiry] = useState(never);
  const [tried, setTried] = useState(false);
  const end = endOf(expiry, now);
  const save = useAction({
    run: (expires_at: string | null, headers) => {
      const permission_key = permission === every ? null : permission;
      const body = { tenant_id: tenant, user_id: user, action, permission_key, reason: reason.trim(), expires_at };
      return ok(access.POST("/api/v1/access/policy-overrides", { body, headers }));
    },
    stale: [[overridesKey]],
    done: intl.formatMessage({ id: "manage.override.made" }),
    onDone: onClose,
  });
  const missing = intl.formatMessage({ id: "field.REQUIRED" });
  return (
    <form
      className="form"
      onSubmit={(e) => {
        e.preventDefault();
        flushSync(() => setTried(true));
        focusInvalid(e.currentTarget);
        if (user !== "" && permission !== "" && reason.trim() !== "" && end !== undefined) save.start(end);
      }}
    >
      <ActionError error={save.error} />
      <PeopleField
        label={intl.formatMessage({ id: "manage.person" })}
        onPick={(id) => setUser(id ?? "")}
        error={tried && user === "" ? missing : undefined}
      />
      <RadioCards
        legend={intl.formatMessage({ id: "manage.override.what" })}
        value={action}
        onChange={setAction}
        columns
        choices={[
          {
            id: "deny",
            name: intl.formatMessage({ id: "manage.override.deny" }),
            help: intl.formatMessage({ id: "manage.override.deny.help" }),
          },
          {
            id: "allow",
            name: intl.formatMessage({ id: "manage.override.allow" }),
            help: intl.formatMessage({ id: "manage.override.allow.help" }),
          },
        ]}
      />
      <PermissionField value={permission} onChange={setPermission} orEvery error={tried && permission === "" ? missing : undefined} />
      <TextArea
        label={intl.formatMessage({ id: "manage.override.reason" })}
        help={intl.formatMessage({ id: "manage.override.reason.help" })}
        value={reason}
        onChange={setReason}
        rows={2}
        maxLength={255}
        error={tried && reason.trim() === "" ? missing : undefined}
      />
      <ExpiryFields
        value={expiry}
        onChange={setExpiry}
        error={tried && end === undefined ? intl.formatMessage({ id: "manage.until.past" }) : undefined}
      />
      <div className="btns right">
        <Button onPress={onClose}>{intl.formatMessage({ id: "action.cancel" })}</Button>
        <Button type="submit" variant="primary" pending={save.pending}>
          {intl.formatMessage({ id: "manage.override.make" })}
        </Button>
      </div>
    </form>
  );
}
