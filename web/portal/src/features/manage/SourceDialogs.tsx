// The dialogs of the page of sources: a new secret, its deletion, and how to connect what sends.
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Confirm } from "@updspace/ui/Confirm";
import { CopyField } from "@updspace/ui/CopyField";
import { Dialog } from "@updspace/ui/Dialog";
import { FormattedMessage, useIntl } from "react-intl";
import { commandLine, sourcesQuery, type Source, type SourceSecret } from "./webhooks.ts";

const stale = [sourcesQuery.queryKey];

export function Rotate({ of: s, onClose, onMade }: { of: Source; onClose: () => void; onMade: (made: SourceSecret) => void }) {
  const intl = useIntl();
  const rotate = useAction({
    run: (_: void, headers) =>
      ok(activity.POST("/api/v1/activity/admin/sources/{source_id}/rotate-secret", { params: { path: { source_id: s.id } }, headers })),
    stale,
    onDone: onMade,
  });
  return (
    <Confirm
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "manage.secret.rotate" })}
      action={intl.formatMessage({ id: "manage.secret.rotate" })}
      cancel={intl.formatMessage({ id: "action.cancel" })}
      pending={rotate.pending}
      onConfirm={() => rotate.start()}
    >
      <p>
        <FormattedMessage id="manage.secret.rotate.text" />
      </p>
      <ActionError error={rotate.error} />
    </Confirm>
  );
}

export function Delete({ of: s, onClose }: { of: Source; onClose: () => void }) {
  const intl = useIntl();
  const remove = useAction({
    run: (_: void, headers) =>
      ok(activity.DELETE("/api/v1/activity/admin/sources/{source_id}", { params: { path: { source_id: s.id } }, headers })),
    stale,
    done: intl.formatMessage({ id: "manage.sources.deleted" }),
    onDone: onClose,
  });
  return (
    <Confirm
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "manage.sources.delete" }, { name: s.name })}
      action={intl.formatMessage({ id: "manage.delete" })}
      cancel={intl.formatMessage({ id: "action.cancel" })}
      danger
      pending={remove.pending}
      onConfirm={() => remove.start()}
    >
      <p>
        <FormattedMessage id="manage.sources.delete.text" />
      </p>
      <ActionError error={remove.error} />
    </Confirm>
  );
}

/** What the other system needs: the address, the secret, and a line to try it with. */
export function Connect({ made, onClose }: { made: SourceSecret; onClose: () => void }) {
  const intl = useIntl();
  const address = window.location.origin + made.source.path;
  const words = { copy: intl.formatMessage({ id: "action.copy" }), copied: intl.formatMessage({ id: "action.copied" }) };
  return (
    <Dialog open onClose={onClose} title={made.source.name} closeLabel={intl.formatMessage({ id: "action.close" })} wide>
      <div className="vstack">
        <p>
          <FormattedMessage id="manage.secret.text" />
        </p>
        <CopyField label={intl.formatMessage({ id: "manage.sources.address" })} value={address} {...words} />
        <CopyField label={intl.formatMessage({ id: "manage.secret" })} value={made.secret ?? ""} {...words} />
        <CopyField
          label={intl.formatMessage({ id: "manage.sources.try" })}
          value={commandLine(address, made.secret_hex ?? "", made.source.types[0] ?? "")}
          {...words}
        />
      </div>
    </Dialog>
  );
}
