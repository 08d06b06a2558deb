import { useSuspenseQuery } from "@tanstack/react-query";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { identity, orSignIn } from "../../api.ts";
import { consentsQuery, privacyQuery, type Consent } from "./queries.ts";

/** What the person has agreed to, and when that ended. */
export function Consents() {
  const { data: consents } = useSuspenseQuery(consentsQuery);
  if (consents.length === 0)
    return (
      <p className="pad muted">
        <FormattedMessage id="privacy.none" />
      </p>
    );
  return (
    <ul className="rows">
      {consents.map((consent) => (
        <Row key={`${consent.kind} ${consent.granted_at}`} consent={consent} />
      ))}
    </ul>
  );
}

function Row({ consent }: { consent: Consent }) {
  const intl = useIntl();
  const { kind, version, granted_at, revoked_at } = consent;
  const name = intl.formatMessage({ id: `privacy.kind.${kind}` });
  const revoke = useAction({
    run: (_: void, headers) => ok(identity.POST("/api/v1/auth/consents/revoke", { params: { query: { kind } }, headers })).catch(orSignIn),
    stale: [consentsQuery.queryKey, privacyQuery.queryKey],
    done: intl.formatMessage({ id: "privacy.ended" }),
  });
  return (
    <li className="row">
      <div className="grow">
        <h3>{name}</h3>
        <p className="small muted">
          <FormattedMessage id="privacy.granted" values={{ time: <Time at={granted_at} />, version }} />
          {revoked_at && (
            <>
              {" · "}
              <FormattedMessage id="privacy.revoked" values={{ time: <Time at={revoked_at} /> }} />
            </>
          )}
        </p>
        <ActionError error={revoke.error} />
      </div>
      {!revoked_at && kind !== "data_processing" && (
        <Button size="s" pending={revoke.pending} onPress={() => revoke.start()}>
          <FormattedMessage id="privacy.end" />
          <span className="vh">{name}</span>
        </Button>
      )}
    </li>
  );
}
