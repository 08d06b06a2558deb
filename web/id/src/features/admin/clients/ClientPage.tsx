import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { standardSchemaResolver, useForm } from "@updspace/kit/forms.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { PageHead } from "@updspace/ui/PageHead";
import { identity } from "../../../api.ts";
import { useStepUp } from "../../security/StepUp.tsx";
import { ClientForm } from "./ClientForm.tsx";
import styles from "./Clients.module.css";
import { ClientTags } from "./Clients.tsx";
import { ClientEnd } from "./ClientEnd.tsx";
import { clientQuery, clientsKey, type Client } from "./queries.ts";
import { SecretDialog, type NewSecret } from "./SecretDialog.tsx";
import { Secrets } from "./Secrets.tsx";
import { bodyOf, schema, valuesOf, type Values } from "./values.ts";

/** One application. */
export function ClientPage({ id }: { id: string }) {
  const intl = useIntl();
  const { data: client } = useSuspenseQuery(clientQuery(id));
  return (
    <>
      <PageHead
        title={client.name}
        sub={intl.formatMessage({ id: "admin.clients.idIs" }, { id: client.client_id })}
        back={{ href: "/admin/clients", name: intl.formatMessage({ id: "admin.clients" }) }}
      />
      <ClientTags client={client} />
      {client.protected ? <Platform client={client} /> : <Settings key={client.auth_method} client={client} />}
      {!client.protected && client.auth_method === "client_secret" && <Secrets client={client} />}
      {!client.protected && <ClientEnd client={client} />}
    </>
  );
}

/** The application that is the platform itself: it cannot be changed here. */
function Platform({ client }: { client: Client }) {
  return (
    <section className="card" aria-labelledby="platform">
      <div className="card-head">
        <h2 id="platform">
          <FormattedMessage id="admin.clients.platform" />
        </h2>
      </div>
      <div className={`vstack s ${styles.body}`}>
        <p>
          <FormattedMessage id="admin.clients.platform.text" />
        </p>
        <ul className="vstack xs small">
          {client.redirect_uris.map((uri) => (
            <li key={uri} className={styles.id} dir="ltr">
              {uri}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function Settings({ client }: { client: Client }) {
  const intl = useIntl();
  const [shown, setShown] = useState<NewSecret>();
  const { confirmed, dialog } = useStepUp();
  const form = useForm({ resolver: standardSchemaResolver(schema(intl)), defaultValues: valuesOf(client) });
  const path = { client_id: client.client_id };
  const save = useAction<Values, { client: Client; secret: string | null }>({
    run: (values, headers) =>
      confirmed(() => ok(identity.PATCH("/api/v1/admin/clients/{client_id}", { params: { path }, body: bodyOf(values), headers }))),
    stale: [[clientsKey]],
    done: intl.formatMessage({ id: "saved" }),
    onDone: ({ client: now, secret }) => {
      form.reset(valuesOf(now));
      if (secret !== null) setShown({ client: now.client_id, secret });
    },
  });
  return (
    <section className="card" aria-labelledby="settings">
      {dialog}
      <div className="card-head">
        <h2 id="settings">
          <FormattedMessage id="admin.clients.settings" />
        </h2>
        <p className="small muted">
          <FormattedMessage id="admin.clients.since" values={{ time: <Time at={client.registered_at} /> }} />
        </p>
      </div>
      <div className={styles.body}>
        <ClientForm form={form} action={save} onSubmit={save.start} />
      </div>
      {shown && <SecretDialog {...shown} onClose={() => setShown(undefined)} />}
    </section>
  );
}
