import { useQuery } from "@tanstack/react-query";
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Checkbox } from "@updspace/ui/Checkbox";
import { CopyField } from "@updspace/ui/CopyField";
import { Dialog } from "@updspace/ui/Dialog";
import { TextField } from "@updspace/ui/TextField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { eventTypesQuery, webhooksKey, type Webhook, type WebhookSecret } from "./webhooks.ts";

interface Values {
  name: string;
  url: string;
  types: string[];
}

interface FormProps {
  title: string;
  save: string;
  values: Values;
  onChange: (values: Values) => void;
  error: Error | null;
  pending: boolean;
  onSave: () => void;
  onClose: () => void;
}

/** What a webhook is called, where it sends to, and what. */
function Form({ title, save, values, onChange, error, pending, onSave, onClose }: FormProps) {
  const intl = useIntl();
  const { data: known } = useQuery(eventTypesQuery);
  const [missing, setMissing] = useState(false);
  const { name, url, types } = values;
  const errors = fieldErrors(intl, error);
  const required = missing ? intl.formatMessage({ id: "field.REQUIRED" }) : undefined;
  const typesError = errors["types"] ?? (types.length === 0 ? required : undefined);
  return (
    <Dialog open onClose={onClose} title={title} closeLabel={intl.formatMessage({ id: "action.close" })}>
      <form
        className="vstack"
        onSubmit={(e) => {
          e.preventDefault();
          if (name.trim() === "" || types.length === 0) setMissing(true);
          else onSave();
        }}
      >
        <TextField
          label={intl.formatMessage({ id: "manage.webhooks.name" })}
          value={name}
          onChange={(text) => onChange({ ...values, name: text })}
          maxLength={100}
          error={errors["name"] ?? (name.trim() === "" ? required : undefined)}
        />
        <TextField
          label={intl.formatMessage({ id: "manage.webhooks.url" })}
          help={intl.formatMessage({ id: "manage.webhooks.url.help" })}
          value={url}
          onChange={(text) => onChange({ ...values, url: text })}
          inputMode="url"
          maxLength={2048}
          error={errors["url"]}
        />
        <fieldset className="field">
          <legend>
            <FormattedMessage id="manage.webhooks.types" />
          </legend>
          {typesError !== undefined && (
            <p className="field-error" role="alert">
              {typesError}
            </p>
          )}
          {known?.map(({ type }) => (
            <Checkbox
              key={type}
              label={<code>{type}</code>}
              checked={types.includes(type)}
              onChange={(on) => onChange({ ...values, types: on ? [...types, type] : types.filter((t) => t !== type) })}
            />
          ))}
        </fieldset>
        <ActionError error={error} />
        <div className="btns right">
          <Button type="submit" variant="primary" pending={pending}>
            {save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

export function NewWebhook({ onClose, onMade }: { onClose: () => void; onMade: (made: WebhookSecret) => void }) {
  const intl = useIntl();
  const [values, setValues] = useState<Values>({ name: "", url: "https://", types: [] });
  const create = useAction({
    run: (body: Values, headers) => ok(activity.POST("/api/v1/activity/webhooks", { body, headers })),
    stale: [[webhooksKey]],
    onDone: onMade,
  });
  const add = intl.formatMessage({ id: "manage.webhooks.add" });
  return (
    <Form
      title={add}
      save={add}
      values={values}
      onChange={setValues}
      error={create.error}
      pending={create.pending}
      onSave={() => create.start(values)}
      onClose={onClose}
    />
  );
}

export function EditWebhook({ of, onClose }: { of: Webhook; onClose: () => void }) {
  const intl = useIntl();
  const [values, setValues] = useState<Values>({ name: of.name, url: of.url, types: of.types });
  const change = useAction({
    run: ({ url, ...others }: Values, headers) =>
      ok(
        activity.PATCH("/api/v1/activity/webhooks/{webhook_id}", {
          params: { path: { webhook_id: of.id } },
          body: { ...others, ...(url !== of.url && { url }) }, // the address is shown without what may be a secret
          headers,
        }),
      ),
    stale: [[webhooksKey]],
    done: intl.formatMessage({ id: "manage.webhooks.saved" }),
    onDone: onClose,
  });
  return (
    <Form
      title={intl.formatMessage({ id: "manage.webhooks.edit" })}
      save={intl.formatMessage({ id: "action.save" })}
      values={values}
      onChange={setValues}
      error={change.error}
      pending={change.pending}
      onSave={() => change.start(values)}
      onClose={onClose}
    />
  );
}

/** A secret, shown once. */
export function ShownSecret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const intl = useIntl();
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "manage.secret" })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <div className="vstack">
        <p>
          <FormattedMessage id="manage.secret.text" />
        </p>
        <CopyField
          label={intl.formatMessage({ id: "manage.secret" })}
          value={secret}
          copy={intl.formatMessage({ id: "action.copy" })}
          copied={intl.formatMessage({ id: "action.copied" })}
        />
      </div>
    </Dialog>
  );
}
