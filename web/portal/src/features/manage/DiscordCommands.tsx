// An application of Discord whose slash commands are answered.
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { CopyField } from "@updspace/ui/CopyField";
import { Dialog } from "@updspace/ui/Dialog";
import { TextField } from "@updspace/ui/TextField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { sourcesQuery } from "./webhooks.ts";

/** Asks for the public key of the application, and then shows the address that the application is given. */
export function NewDiscordCommands({ onClose }: { onClose: () => void }) {
  const intl = useIntl();
  const [name, setName] = useState("");
  const [key, setKey] = useState("");
  const [address, setAddress] = useState<string>();
  const create = useAction({
    run: (_: void, headers) =>
      ok(
        activity.POST("/api/v1/activity/admin/sources", {
          body: { kind: "discord", name, public_key: key.trim() },
          headers,
        }),
      ),
    stale: [sourcesQuery.queryKey],
    onDone: ({ source }) => setAddress(window.location.origin + (source.path ?? "")),
  });
  const errors = fieldErrors(intl, create.error);
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "manage.sources.kind.discord" })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      {address === undefined ? (
        <form
          className="vstack"
          onSubmit={(e) => {
            e.preventDefault();
            create.start();
          }}
        >
          <TextField
            label={intl.formatMessage({ id: "manage.webhooks.name" })}
            value={name}
            onChange={setName}
            maxLength={100}
            error={errors.name}
          />
          <TextField
            label={intl.formatMessage({ id: "manage.sources.key" })}
            help={intl.formatMessage({ id: "manage.sources.key.help" })}
            value={key}
            onChange={setKey}
            maxLength={64}
            error={errors.public_key}
          />
          <ActionError error={create.error} />
          <div className="btns">
            <Button type="submit" variant="primary" pending={create.pending}>
              <FormattedMessage id="manage.sources.add" />
            </Button>
          </div>
        </form>
      ) : (
        <>
          <p>
            <FormattedMessage id="manage.sources.endpoint" />
          </p>
          <CopyField
            label={intl.formatMessage({ id: "manage.sources.address" })}
            value={address}
            copy={intl.formatMessage({ id: "action.copy" })}
            copied={intl.formatMessage({ id: "action.copied" })}
          />
        </>
      )}
    </Dialog>
  );
}
