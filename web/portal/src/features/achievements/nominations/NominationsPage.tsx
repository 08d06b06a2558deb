import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { showCurrent } from "@updspace/ui/Tabs";
import { FormattedMessage, useIntl } from "react-intl";
import { useDecides } from "../places.ts";
import { nominationStates, type NominationsSearch } from "../search.ts";
import { NominationRow } from "./NominationRow.tsx";
import { minePages, queuePages, waitingQuery, type NominationStatus } from "./queries.ts";

/** Whom members propose: those that I decide about, and my own. */
export function NominationsPage({ search }: { search: NominationsSearch }) {
  const intl = useIntl();
  const decides = useDecides();
  const view = decides ? (search.view ?? "queue") : "mine";
  return (
    <>
      <PageHead
        title={intl.formatMessage({ id: "achievements.nominations" })}
        sub={intl.formatMessage({ id: "achievements.nominations.sub" })}
        back={{ href: "/achievements", name: intl.formatMessage({ id: "nav.achievements" }) }}
      />
      {decides && <Views view={view} />}
      {view === "queue" ? <Queue status={search.status ?? "open"} /> : <Mine />}
    </>
  );
}

function Views({ view }: { view: "queue" | "mine" }) {
  const intl = useIntl();
  const { data: waiting } = useQuery(waitingQuery);
  return (
    <nav className="tabs" aria-label={intl.formatMessage({ id: "achievements.nominations.which" })} ref={showCurrent}>
      {(["queue", "mine"] as const).map((v) => (
        <Link
          key={v}
          to="/achievements/nominations"
          search={{ view: v === "queue" ? undefined : v }}
          {...(v === view && { "aria-current": "page" as const })}
          activeOptions={{ exact: true, explicitUndefined: true }}
        >
          {intl.formatMessage({ id: `achievements.nominations.${v}` })}
          {v === "queue" && waiting !== undefined && (
            <span className="muted label">
              <FormattedMessage id="achievements.nominations.waiting" values={{ n: waiting.n, more: String(waiting.more) }} />
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}

function Queue({ status }: { status: NominationStatus | "all" }) {
  const intl = useIntl();
  const query = usePages(queuePages(status === "all" ? undefined : status));
  return (
    <>
      <nav className="choice" aria-label={intl.formatMessage({ id: "achievements.nominations.states" })}>
        {([...nominationStates, "all"] as const).map((s) => (
          <Link
            key={s}
            to="/achievements/nominations"
            search={{ status: s === "open" ? undefined : s }}
            {...(s === status && { "aria-current": "true" as const })}
            activeOptions={{ exact: true, explicitUndefined: true }}
          >
            {intl.formatMessage({ id: `achievements.nominations.states.${s}` })}
          </Link>
        ))}
      </nav>
      <section className="card" aria-label={intl.formatMessage({ id: "achievements.nominations.queue" })}>
        <PagedList
          query={query}
          empty={
            <EmptyState shape="people" title={intl.formatMessage({ id: `achievements.nominations.none.${status}` })}>
              <FormattedMessage id="achievements.nominations.none.queue" />
            </EmptyState>
          }
        >
          {(items) => (
            <ul className="rows">
              {items.map((n) => (
                <NominationRow key={n.nomination.id} nominated={n} decide />
              ))}
            </ul>
          )}
        </PagedList>
      </section>
    </>
  );
}

function Mine() {
  const intl = useIntl();
  const query = usePages(minePages);
  return (
    <section className="card" aria-label={intl.formatMessage({ id: "achievements.nominations.mine" })}>
      <PagedList
        query={query}
        empty={
          <EmptyState
            shape="people"
            title={intl.formatMessage({ id: "achievements.nominations.none.mine" })}
            action={
              <LinkButton href="/achievements" variant="primary">
                <FormattedMessage id="achievements.nominations.none.mine.go" />
              </LinkButton>
            }
          >
            <FormattedMessage id="achievements.nominations.none.mine.text" />
          </EmptyState>
        }
      >
        {(items) => (
          <ul className="rows">
            {items.map((n) => (
              <NominationRow key={n.nomination.id} nominated={n} />
            ))}
          </ul>
        )}
      </PagedList>
    </section>
  );
}
