import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useIntl } from "react-intl";
import { ok, type ApiError } from "@updspace/kit/answer.ts";
import { atField, standardSchemaResolver, useForm } from "@updspace/kit/forms.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { PageHead } from "@updspace/ui/PageHead";
import { identity } from "../../../api.ts";
import { useStepUp } from "../../security/StepUp.tsx";
import { ClientForm } from "./ClientForm.tsx";
import styles from "./Clients.module.css";
import { clientsKey } from "./queries.ts";
import { SecretDialog, type NewSecret } from "./SecretDialog.tsx";
import { bodyOf, schema, valuesOf, type Values } from "./values.ts";

/** A new application. */
export function NewClient() {
  const intl = useIntl();
  const navigate = useNavigate();
  const [shown, setShown] = useState<NewSecret>();
  const { confirmed, dialog } = useStepUp();
  const form = useForm({ resolver: standardSchemaResolver(schema(intl)), defaultValues: valuesOf() });
  const open = (id: string) => void navigate({ to: "/admin/clients/$id", params: { id } });
  const taken = intl.formatMessage({ id: "error.CLIENT_EXISTS" });
  const register = useAction<Values, { client: { client_id: string }; secret: string | null }>({
    run: (values, headers) => {
      const client_id = values.client_id.trim();
      const body = { ...bodyOf(values), ...(client_id !== "" && { client_id }) };
      return atField(
        confirmed(() => ok(identity.POST("/api/v1/admin/clients", { body, headers }))),
        "CLIENT_EXISTS" satisfies ApiError["code"],
        "client_id",
        taken,
      );
    },
    stale: [[clientsKey]],
    onDone: ({ client, secret }) => (secret === null ? open(client.client_id) : setShown({ client: client.client_id, secret })),
  });
  return (
    <>
      {dialog}
      <PageHead
        title={intl.formatMessage({ id: "admin.clients.new" })}
        sub={intl.formatMessage({ id: "admin.clients.new.sub" })}
        back={{ href: "/admin/clients", name: intl.formatMessage({ id: "admin.clients" }) }}
      />
      <section className="card" aria-label={intl.formatMessage({ id: "admin.clients.new" })}>
        <div className={styles.body}>
          <ClientForm form={form} action={register} onSubmit={register.start} fresh />
        </div>
      </section>
      {shown && <SecretDialog {...shown} onClose={() => open(shown.client)} />}
    </>
  );
}
