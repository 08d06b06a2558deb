import { useSuspenseQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { FormattedMessage, useIntl } from "react-intl";
import { ApiError } from "@updspace/kit/answer.ts";
import { errorText } from "@updspace/kit/errors.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { ProviderRow } from "./ProviderRow.tsx";
import { identitiesQuery, providersQuery } from "./queries.ts";
import type { Outcome } from "./search.ts";

/** Accounts of the person at other services. */
export function Connections({ outcome }: { outcome: Outcome }) {
  const intl = useIntl();
  const { data: providers } = useSuspenseQuery(providersQuery);
  const { data: identities } = useSuspenseQuery(identitiesQuery);
  const identityOf = (id: string) => identities.find((i) => i.provider === id);
  // Accounts of a service that is not set up any more can still be unlinked.
  const gone = identities.filter((i) => !providers.some((p) => p.id === i.provider));
  const rows = [...providers, ...gone.map(({ provider, name, kind }) => ({ id: provider, name, kind }))];
  const nameOf = (id: string | undefined) => rows.find((p) => p.id === id)?.name;
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "nav.connections" })} sub={intl.formatMessage({ id: "connections.sub" })} />
      <Result outcome={outcome} name={nameOf(outcome.linked ?? outcome.provider)} linked={!!identityOf(outcome.linked ?? "")} />
      {rows.length > 0 ? (
        <section className="card" aria-labelledby="services">
          <div className="card-head">
            <h2 id="services">
              <FormattedMessage id="connections.services" />
            </h2>
          </div>
          <ul className="rows">
            {rows.map((p) => (
              <ProviderRow key={p.id} provider={p} identity={identityOf(p.id)} />
            ))}
          </ul>
        </section>
      ) : (
        <section className="card">
          <EmptyState title={intl.formatMessage({ id: "connections.empty" })} shape="people">
            <FormattedMessage id="connections.emptyText" />
          </EmptyState>
        </section>
      )}
    </>
  );
}

/** How the way to a service ended, from which the browser has just come back. */
function Result({ outcome, name, linked }: { outcome: Outcome; name: string | undefined; linked: boolean }) {
  const intl = useIntl();
  if (outcome.link_error === "ACCESS_DENIED") {
    return (
      <p className="muted" role="status">
        <FormattedMessage id="connections.denied" />
      </p>
    );
  }
  if (outcome.link_error !== undefined) {
    const error = new ApiError(400, outcome.link_error, "", {}, [], undefined, "", {});
    return (
      <div className="form-errors" role="alert">
        {name !== undefined && <strong>{name}: </strong>}
        {errorText(intl, error)}
      </div>
    );
  }
  if (!linked) return null;
  return (
    <p className="state ok" role="status">
      <CircleCheck className="i s" aria-hidden="true" />
      <FormattedMessage id="connections.done" values={{ name }} />
    </p>
  );
}
