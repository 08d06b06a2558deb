import { FormattedMessage, useIntl } from "react-intl";
import { Button } from "@updspace/ui/Button";
import { CopyField } from "@updspace/ui/CopyField";
import { Dialog } from "@updspace/ui/Dialog";

export interface NewSecret {
  /** The id of the application. */
  client: string;
  secret: string;
}

/** A secret, which is shown this once. */
export function SecretDialog({ client, secret, onClose }: NewSecret & { onClose: () => void }) {
  const intl = useIntl();
  const words = { copy: intl.formatMessage({ id: "action.copy" }), copied: intl.formatMessage({ id: "action.copied" }) };
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "admin.clients.secret.title" })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <div className="vstack">
        <p>
          <FormattedMessage id="admin.clients.secret.once" />
        </p>
        <CopyField label={intl.formatMessage({ id: "admin.clients.id" })} value={client} {...words} />
        <CopyField label={intl.formatMessage({ id: "admin.clients.secret" })} value={secret} {...words} />
        <div className="btns">
          <Button variant="primary" onPress={onClose}>
            <FormattedMessage id="admin.clients.secret.kept" />
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
