import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { identity as api } from "../../api.ts";
import { useStepUp } from "../security/StepUp.tsx";
import { providerIcons } from "./icons.ts";
import styles from "./ProviderRow.module.css";
import { identitiesQuery, type Identity, type Provider } from "./queries.ts";

/** A service, and the person's account there. */
export function ProviderRow({ provider, identity }: { provider: Provider; identity: Identity | undefined }) {
  const { name, kind } = provider;
  const Icon = providerIcons[kind];
  return (
    <li className={`row ${styles.provider}`}>
      <span className={styles.icon}>
        <Icon className="i" aria-hidden="true" />
      </span>
      <div className="grow">
        <h3>{name}</h3>
        <p className="small muted">
          {identity ? (
            <>
              <bdi>{identity.account}</bdi> ·{" "}
              <FormattedMessage id="connections.since" values={{ time: <Time at={identity.linked_at} /> }} />
            </>
          ) : (
            <FormattedMessage id="connections.none" />
          )}
        </p>
      </div>
      {identity ? <Unlink provider={provider} /> : <Link provider={provider} />}
    </li>
  );
}

function Link({ provider: { id, name } }: { provider: Provider }) {
  const { confirmed, dialog } = useStepUp();
  const link = useAction({
    run: (_: void, headers) =>
      confirmed(() =>
        ok(api.GET("/api/v1/auth/oauth/link/{provider}", { params: { path: { provider: id }, query: { next: wayBack() } }, headers })),
      ),
    stale: [identitiesQuery.queryKey],
    onDone: ({ authorize_url }) => location.assign(authorize_url),
  });
  return (
    <div className={styles.action}>
      <Button size="s" pending={link.pending} onPress={() => link.start()}>
        <FormattedMessage id="connections.link" />
        <span className="vh">{name}</span>
      </Button>
      <ActionError error={link.error} />
      {dialog}
    </div>
  );
}

/** This page, with the community that sent the person here and without the outcome of an earlier way. */
function wayBack(): string {
  const from = new URLSearchParams(location.search).get("from");
  return location.pathname + (from === null ? "" : `?${new URLSearchParams({ from })}`);
}

function Unlink({ provider: { id, name } }: { provider: Provider }) {
  const intl = useIntl();
  const [asking, setAsking] = useState(false);
  const { confirmed, dialog } = useStepUp();
  const unlink = useAction({
    run: (_: void, headers) => confirmed(() => ok(api.POST("/api/v1/auth/oauth/unlink", { body: { provider: id }, headers }))),
    stale: [identitiesQuery.queryKey],
    done: intl.formatMessage({ id: "connections.unlinked" }, { name }),
    onDone: () => setAsking(false),
  });
  return (
    <>
      <Button size="s" onPress={() => setAsking(true)}>
        <FormattedMessage id="connections.unlink" />
        <span className="vh">{name}</span>
      </Button>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={intl.formatMessage({ id: "connections.unlinkTitle" }, { name })}
        action={intl.formatMessage({ id: "connections.unlink" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={unlink.pending}
        onConfirm={() => unlink.start()}
      >
        <FormattedMessage id="connections.unlinkText" />
        <ActionError error={unlink.error} />
      </Confirm>
      {dialog}
    </>
  );
}
