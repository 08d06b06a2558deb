import { useController, type UseFormReturn } from "react-hook-form";
import { FormattedMessage, useIntl } from "react-intl";
import { Form, FormArea, FormText } from "@updspace/kit/forms.tsx";
import { Button } from "@updspace/ui/Button";
import { Checkbox } from "@updspace/ui/Checkbox";
import { RadioCards } from "@updspace/ui/RadioCards";
import { Select } from "@updspace/ui/Select";
import { scopeWords } from "../../consent/scopes.tsx";
import styles from "./Clients.module.css";
import { algorithms, authMethods, scopes } from "./queries.ts";
import type { Values } from "./values.ts";

interface ClientFormProps {
  form: UseFormReturn<Values, unknown, Values>;
  action: { error: Error | null; pending: boolean };
  onSubmit: (values: Values) => void;
  /** It is not registered yet. */
  fresh?: boolean;
}

/** The settings of an application. */
export function ClientForm({ form, action, onSubmit, fresh = false }: ClientFormProps) {
  const intl = useIntl();
  const { control } = form;
  const auth = useController({ control, name: "auth_method" });
  const algorithm = useController({ control, name: "algorithm" });
  const method = auth.field.value;
  return (
    <Form form={form} action={action} onSubmit={onSubmit}>
      <FormText
        control={control}
        name="name"
        label={intl.formatMessage({ id: "admin.clients.name" })}
        help={intl.formatMessage({ id: "admin.clients.name.help" })}
      />
      {fresh && (
        <FormText
          control={control}
          name="client_id"
          label={intl.formatMessage({ id: "admin.clients.id" })}
          help={intl.formatMessage({ id: "admin.clients.id.help" })}
        />
      )}
      <RadioCards
        legend={intl.formatMessage({ id: "admin.clients.auth" })}
        value={method}
        onChange={auth.field.onChange}
        error={auth.fieldState.error?.message}
        choices={authMethods.map((id) => ({
          id,
          name: intl.formatMessage({ id: `admin.clients.auth.${id}` }),
          help: intl.formatMessage({ id: `admin.clients.auth.${id}.help` }),
        }))}
      />
      {method === "private_key_jwt" && (
        <>
          <FormText
            control={control}
            name="jwks_uri"
            label={intl.formatMessage({ id: "admin.clients.jwksUri" })}
            help={intl.formatMessage({ id: "admin.clients.jwksUri.help" })}
          />
          <FormArea
            control={control}
            name="jwks"
            rows={4}
            label={intl.formatMessage({ id: "admin.clients.jwks" })}
            help={intl.formatMessage({ id: "admin.clients.jwks.help" })}
          />
        </>
      )}
      <FormArea
        control={control}
        name="redirect_uris"
        rows={3}
        label={intl.formatMessage({ id: "admin.clients.redirects" })}
        help={intl.formatMessage({ id: "admin.clients.redirects.help" })}
      />
      <FormArea
        control={control}
        name="post_logout_redirect_uris"
        rows={2}
        label={intl.formatMessage({ id: "admin.clients.postLogout" })}
        help={intl.formatMessage({ id: "admin.clients.lines" })}
      />
      <FormText
        control={control}
        name="backchannel_logout_uri"
        label={intl.formatMessage({ id: "admin.clients.logout" })}
        help={intl.formatMessage({ id: "admin.clients.logout.help" })}
      />
      {method === "none" && (
        <FormArea
          control={control}
          name="origins"
          rows={2}
          label={intl.formatMessage({ id: "admin.clients.origins" })}
          help={intl.formatMessage({ id: "admin.clients.origins.help" })}
        />
      )}
      <Scopes form={form} />
      <Select
        label={intl.formatMessage({ id: "admin.clients.algorithm" })}
        value={algorithm.field.value}
        onChange={algorithm.field.onChange}
        choices={algorithms.map((id) => ({ id, name: id }))}
      />
      <fieldset className="field">
        <legend className="lab">
          <FormattedMessage id="admin.clients.rules" />
        </legend>
        <Flag form={form} name="consent" />
        <Flag form={form} name="pairwise" />
        {method !== "none" && <Flag form={form} name="pkce" />}
      </fieldset>
      <div className="btns">
        <Button type="submit" variant="primary" pending={action.pending}>
          <FormattedMessage id={fresh ? "admin.clients.register" : "action.save"} />
        </Button>
      </div>
    </Form>
  );
}

function Flag({ form, name }: { form: ClientFormProps["form"]; name: "consent" | "pairwise" | "pkce" }) {
  const { field } = useController({ control: form.control, name });
  return (
    <Checkbox
      checked={field.value}
      onChange={field.onChange}
      label={
        <>
          <FormattedMessage id={`admin.clients.${name}`} />
          <span className="small muted block">
            <FormattedMessage id={`admin.clients.${name}.help`} />
          </span>
        </>
      }
    />
  );
}

function Scopes({ form }: { form: ClientFormProps["form"] }) {
  const intl = useIntl();
  const { field, fieldState } = useController({ control: form.control, name: "scopes" });
  const set = (scope: (typeof scopes)[number], on: boolean) =>
    field.onChange(scopes.filter((s) => (s === scope ? on : field.value.includes(s))));
  return (
    <fieldset className="field">
      <legend className="lab">
        <FormattedMessage id="admin.clients.scopes" />
      </legend>
      <div className={styles.scopes}>
        {scopes.map((scope) => (
          <Checkbox
            key={scope}
            checked={field.value.includes(scope)}
            disabled={scope === "openid"}
            onChange={(on) => set(scope, on)}
            label={
              <>
                {scopeWords(intl, { name: scope, description: scope }).what}
                <code className="small muted block">{scope}</code>
              </>
            }
          />
        ))}
      </div>
      {fieldState.error && <span className="field-error">{fieldState.error.message}</span>}
    </fieldset>
  );
}
