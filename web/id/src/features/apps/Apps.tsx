import { useSuspenseQuery } from "@tanstack/react-query";
import { FormattedMessage, useIntl } from "react-intl";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { AppRow } from "./AppRow.tsx";
import { appsQuery } from "./queries.ts";

/** The applications that the person has allowed to sign in with the account. */
export function Apps() {
  const intl = useIntl();
  const { data: apps } = useSuspenseQuery(appsQuery);
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "nav.apps" })} sub={intl.formatMessage({ id: "apps.sub" })} />
      {apps.length > 0 ? (
        <section className="card" aria-labelledby="apps">
          <div className="card-head">
            <h2 id="apps">
              <FormattedMessage id="apps.list" />
            </h2>
          </div>
          <ul className="rows">
            {apps.map((app) => (
              <AppRow key={app.client_id} app={app} />
            ))}
          </ul>
        </section>
      ) : (
        <section className="card">
          <EmptyState title={intl.formatMessage({ id: "apps.empty" })} shape="people">
            <FormattedMessage id="apps.emptyText" />
          </EmptyState>
        </section>
      )}
    </>
  );
}
