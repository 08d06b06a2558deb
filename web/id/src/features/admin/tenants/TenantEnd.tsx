import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { identity } from "../../../api.ts";
import { useStepUp } from "../../security/StepUp.tsx";
import { ReasonDialog } from "../ReasonDialog.tsx";
import { tenantsKey, type Tenant } from "./queries.ts";
import styles from "./Tenants.module.css";

/** Closing a community, and opening it again. */
export function TenantEnd({ tenant: { slug, name, closed_at } }: { tenant: Tenant }) {
  const intl = useIntl();
  const [asked, setAsked] = useState(false);
  const { confirmed, dialog } = useStepUp();
  const act = closed_at === null ? "close" : "reopen";
  const run = useAction({
    run: (reason: string, headers) =>
      confirmed(() => {
        const call = { params: { path: { slug } }, body: { reason }, headers };
        return act === "close"
          ? ok(identity.POST("/api/v1/admin/tenants/{slug}/close", call))
          : ok(identity.POST("/api/v1/admin/tenants/{slug}/reopen", call));
      }),
    stale: [[tenantsKey]],
    done: intl.formatMessage({ id: `admin.tenants.${act}.done` }, { name }),
    onDone: () => setAsked(false),
  });
  return (
    <section className="card" aria-labelledby="end">
      {dialog}
      <div className="card-head">
        <h2 id="end">
          <FormattedMessage id={`admin.tenants.${act}`} />
        </h2>
      </div>
      <div className={`vstack s ${styles.body}`}>
        <p>
          <FormattedMessage id={`admin.tenants.${act}.text`} />
        </p>
        <div className="btns">
          <Button variant={act === "close" ? "danger" : "primary"} onPress={() => setAsked(true)}>
            <FormattedMessage id={`admin.tenants.${act}`} />
          </Button>
        </div>
      </div>
      {asked && (
        <ReasonDialog
          title={intl.formatMessage({ id: `admin.tenants.${act}.title` }, { name })}
          text={intl.formatMessage({ id: `admin.tenants.${act}.text` })}
          action={intl.formatMessage({ id: `admin.tenants.${act}` })}
          {...(act === "close" && { danger: true, help: intl.formatMessage({ id: "admin.tenants.reason" }) })}
          run={run}
          onClose={() => setAsked(false)}
        />
      )}
    </section>
  );
}
