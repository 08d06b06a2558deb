import { useNavigate } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { identity } from "../../../api.ts";
import { useStepUp } from "../../security/StepUp.tsx";
import { ReasonDialog } from "../ReasonDialog.tsx";
import styles from "./Clients.module.css";
import { clientQuery, clientsKey, type Client } from "./queries.ts";

type Act = "disable" | "enable" | "delete";

/** Disabling, enabling and deleting an application, each with a reason for the journal. */
export function ClientEnd({ client: { client_id, name, disabled_at } }: { client: Client }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [act, setAct] = useState<Act>();
  const { confirmed, dialog } = useStepUp();
  const params = { path: { client_id } };
  const run = useAction({
    run: ({ what, reason }: { what: Act; reason: string }, headers) =>
      confirmed(async () => {
        const call = { params, body: { reason }, headers };
        if (what === "delete") await ok(identity.POST("/api/v1/admin/clients/{client_id}/delete", call));
        else if (what === "disable") await ok(identity.POST("/api/v1/admin/clients/{client_id}/disable", call));
        else await ok(identity.POST("/api/v1/admin/clients/{client_id}/enable", call));
        return what;
      }),
    done: (what) => intl.formatMessage({ id: `admin.clients.${what}.done` }, { name }),
    onDone: async (what) => {
      setAct(undefined);
      if (what === "delete") {
        await navigate({ to: "/admin/clients" });
        queries.removeQueries({ queryKey: clientQuery(client_id).queryKey });
      }
      await queries.invalidateQueries({ queryKey: [clientsKey] });
    },
  });
  const enabled = disabled_at === null;
  return (
    <section className="card" aria-labelledby="end">
      {dialog}
      <div className="card-head">
        <h2 id="end">
          <FormattedMessage id="admin.clients.end" />
        </h2>
      </div>
      <div className={`vstack s ${styles.body}`}>
        <p>
          <FormattedMessage id={enabled ? "admin.clients.end.text" : "admin.clients.end.disabled"} />
        </p>
        <div className="btns">
          <Button onPress={() => setAct(enabled ? "disable" : "enable")}>
            <FormattedMessage id={enabled ? "admin.clients.disable" : "admin.clients.enable"} />
          </Button>
          <Button variant="danger" onPress={() => setAct("delete")}>
            <FormattedMessage id="admin.clients.delete" />
          </Button>
        </div>
      </div>
      {act && (
        <ReasonDialog
          title={intl.formatMessage({ id: `admin.clients.${act}.title` }, { name })}
          text={intl.formatMessage({ id: `admin.clients.${act}.text` })}
          action={intl.formatMessage({ id: `admin.clients.${act}` })}
          danger={act !== "enable"}
          run={{ ...run, start: (reason) => run.start({ what: act, reason }) }}
          onClose={() => setAct(undefined)}
        />
      )}
    </section>
  );
}
