import { access, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { usePersonName } from "@updspace/kit/people.tsx";
import { roleName } from "@updspace/kit/permissionWords.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { useNow } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { useState } from "react";
import { useIntl } from "react-intl";
import { endOf, expiryOf } from "./expiry.ts";
import { ExpiryFields } from "./ExpiryFields.tsx";
import { bindingsKey, type Binding } from "./queries.ts";

/** Changes until when a person holds a role. */
export function ChangeEnd({ binding, open, onClose }: { binding: Binding; open: boolean; onClose: () => void }) {
  const intl = useIntl();
  const name = usePersonName(binding.user_id);
  const now = useNow();
  const [expiry, setExpiry] = useState(() => expiryOf(binding.expires_at));
  const end = endOf(expiry, now);
  const change = useAction({
    run: (expires_at: string | null, headers) =>
      ok(
        access.PATCH("/api/v1/access/admin/role-bindings/{binding_id}", {
          params: { path: { binding_id: binding.id } },
          body: { expires_at },
          headers,
        }),
      ),
    stale: [[bindingsKey]],
    done: intl.formatMessage({ id: "manage.end.done" }),
    onDone: onClose,
  });
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={intl.formatMessage({ id: "manage.end.title" }, { name, role: roleName(intl, binding.role_name) })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <div className="vstack">
        <ActionError error={change.error} />
        <ExpiryFields
          value={expiry}
          onChange={setExpiry}
          error={end === undefined && expiry.at !== null ? intl.formatMessage({ id: "manage.until.past" }) : undefined}
        />
        <div className="btns right">
          <Button onPress={onClose}>{intl.formatMessage({ id: "action.cancel" })}</Button>
          <Button
            variant="primary"
            pending={change.pending}
            disabled={end === undefined}
            onPress={() => end !== undefined && change.start(end)}
          >
            {intl.formatMessage({ id: "action.save" })}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
