import { access, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { focusInvalid } from "@updspace/kit/forms.tsx";
import { PeopleField } from "@updspace/kit/peopleField.tsx";
import { roleName } from "@updspace/kit/permissionWords.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { useNow } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { useState } from "react";
import { flushSync } from "react-dom";
import { FormattedMessage, useIntl } from "react-intl";
import { useSession } from "../../session.ts";
import { endOf, never } from "./expiry.ts";
import { ExpiryFields } from "./ExpiryFields.tsx";
import { PlaceFields, scopeAt, wholeSpace } from "./PlaceFields.tsx";
import { bindingsKey, type Role } from "./queries.ts";

/** Gives a role to a person, in a place, for good or until a day. */
export function GiveRole({ role, open, onClose }: { role: Role; open: boolean; onClose: () => void }) {
  const intl = useIntl();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={intl.formatMessage({ id: "manage.give.title" }, { role: roleName(intl, role.name) })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <GiveForm role={role} onClose={onClose} />
    </Dialog>
  );
}

function GiveForm({ role, onClose }: { role: Role; onClose: () => void }) {
  const intl = useIntl();
  const tenant = useSession().tenant.id;
  const now = useNow();
  const [user, setUser] = useState("");
  const [place, setPlace] = useState(wholeSpace);
  const [expiry, setExpiry] = useState(never);
  const [tried, setTried] = useState(false);
  const end = endOf(expiry, now);
  const give = useAction({
    run: (expires_at: string | null, headers) => {
      const scope = scopeAt(place, tenant);
      const body = { tenant_id: tenant, user_id: user, scope_type: scope.type, scope_id: scope.id, role_id: role.id, expires_at };
      return ok(access.POST("/api/v1/access/admin/role-bindings", { body, headers }));
    },
    stale: [[bindingsKey]],
    done: intl.formatMessage({ id: "manage.give.done" }),
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
        if (user !== "" && end !== undefined) give.start(end);
      }}
    >
      <ActionError error={give.error} />
      <PeopleField
        label={intl.formatMessage({ id: "manage.person" })}
        onPick={(id) => setUser(id ?? "")}
        error={tried && user === "" ? missing : undefined}
      />
      <PlaceFields value={place} onChange={setPlace} />
      <ExpiryFields
        value={expiry}
        onChange={setExpiry}
        error={tried && end === undefined ? intl.formatMessage({ id: "manage.until.past" }) : undefined}
      />
      <p className="small muted">
        <FormattedMessage id="manage.give.effect" />
      </p>
      <div className="btns right">
        <Button onPress={onClose}>{intl.formatMessage({ id: "action.cancel" })}</Button>
        <Button type="submit" variant="primary" pending={give.pending}>
          {intl.formatMessage({ id: "manage.give" })}
        </Button>
      </div>
    </form>
  );
}
