import { AppWindow } from "lucide-react";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { identity, orSignIn } from "../../api.ts";
import { scopeWords } from "../consent/scopes.tsx";
import styles from "./AppRow.module.css";
import { appsQuery, type App } from "./queries.ts";

/** An application, and what it may do. */
export function AppRow({ app }: { app: App }) {
  const intl = useIntl();
  const may = app.scopes.map((scope) => scopeWords(intl, { name: scope, description: scope }).what);
  return (
    <li className={`row ${styles.app}`}>
      <span className={styles.icon}>
        <AppWindow className="i" aria-hidden="true" />
      </span>
      <div className="grow">
        <h3>
          <bdi>{app.name}</bdi>
        </h3>
        <p className="small">{may.join(" · ")}</p>
        <p className="small muted">
          <FormattedMessage id="apps.since" values={{ time: <Time at={app.created_at} /> }} />
          {app.last_used_at !== null && (
            <>
              {" · "}
              <FormattedMessage id="apps.used" values={{ time: <Time at={app.last_used_at} /> }} />
            </>
          )}
        </p>
      </div>
      <Revoke app={app} />
    </li>
  );
}

function Revoke({ app: { client_id, name } }: { app: App }) {
  const intl = useIntl();
  const [asking, setAsking] = useState(false);
  const revoke = useAction({
    run: (_: void, headers) => ok(identity.POST("/api/v1/auth/oauth/apps/revoke", { body: { client_id }, headers })).catch(orSignIn),
    stale: [appsQuery.queryKey],
    done: intl.formatMessage({ id: "apps.revoked" }, { name }),
    onDone: () => setAsking(false),
  });
  return (
    <>
      <Button size="s" onPress={() => setAsking(true)}>
        <FormattedMessage id="apps.revoke" />
        <span className="vh">{name}</span>
      </Button>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={intl.formatMessage({ id: "apps.revokeTitle" }, { name })}
        action={intl.formatMessage({ id: "apps.revoke" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={revoke.pending}
        onConfirm={() => revoke.start()}
      >
        <FormattedMessage id="apps.revokeText" />
        <ActionError error={revoke.error} />
      </Confirm>
    </>
  );
}
