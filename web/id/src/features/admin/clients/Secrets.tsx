import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { identity } from "../../../api.ts";
import { useStepUp } from "../../security/StepUp.tsx";
import styles from "./Clients.module.css";
import { clientsKey, type Client } from "./queries.ts";
import { SecretDialog, type NewSecret } from "./SecretDialog.tsx";

/** The secrets of an application: a second one is made, the application gets it, the old one is retired. */
export function Secrets({ client: { client_id, secrets } }: { client: Client }) {
  const intl = useIntl();
  const [shown, setShown] = useState<NewSecret>();
  const [asking, setAsking] = useState(false);
  const { confirmed, dialog } = useStepUp();
  const params = { path: { client_id } };
  const add = useAction({
    run: (_: void, headers) => confirmed(() => ok(identity.POST("/api/v1/admin/clients/{client_id}/secrets", { params, headers }))),
    stale: [[clientsKey]],
    onDone: ({ client, secret }) => secret !== null && setShown({ client: client.client_id, secret }),
  });
  const retire = useAction({
    run: (_: void, headers) => confirmed(() => ok(identity.POST("/api/v1/admin/clients/{client_id}/secrets/retire", { params, headers }))),
    stale: [[clientsKey]],
    done: intl.formatMessage({ id: "admin.clients.retired" }),
    onDone: () => setAsking(false),
  });
  return (
    <section className="card" aria-labelledby="secrets">
      {dialog}
      <div className="card-head">
        <h2 id="secrets">
          <FormattedMessage id="admin.clients.secrets" />
        </h2>
      </div>
      <div className={`vstack s ${styles.body}`}>
        <p>
          <FormattedMessage id={secrets > 1 ? "admin.clients.secrets.two" : "admin.clients.secrets.one"} />
        </p>
        <ActionError error={add.error} />
        <div className="btns">
          {secrets > 1 ? (
            <Button onPress={() => setAsking(true)}>
              <FormattedMessage id="admin.clients.retire" />
            </Button>
          ) : (
            <Button pending={add.pending} onPress={() => add.start()}>
              <FormattedMessage id="admin.clients.secret.add" />
            </Button>
          )}
        </div>
      </div>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={intl.formatMessage({ id: "admin.clients.retire.title" })}
        action={intl.formatMessage({ id: "admin.clients.retire" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={retire.pending}
        onConfirm={() => retire.start()}
      >
        <FormattedMessage id="admin.clients.retire.text" />
        <ActionError error={retire.error} />
      </Confirm>
      {shown && <SecretDialog {...shown} onClose={() => setShown(undefined)} />}
    </section>
  );
}
