import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { showCurrent } from "@updspace/ui/Tabs";
import { FormattedMessage, useIntl } from "react-intl";
import { Invites } from "./Invites.tsx";
import { PollRow } from "./PollRow.tsx";
import { filterOf, type PollsSearch } from "./filter.ts";
import { readPolls, totalsQuery, type PollFilter } from "./queries.ts";
import { PollSearch } from "./PollSearch.tsx";
import { TodoCard } from "./TodoCard.tsx";
import type { MyPoll, Phase } from "./types.ts";
import { usePlaceName } from "./Place.tsx";

const phases: readonly Phase[] = ["open", "scheduled", "closed", "draft"];

/** The polls of the space or of one community, by phase; those that wait for my vote first. */
export function PollsPage({ search, mayCreate }: { search: PollsSearch; mayCreate: boolean }) {
  const intl = useIntl();
  const filter = filterOf(search);
  const totals = useQuery(totalsQuery(filter)).data;
  const query = usePages<MyPoll>({
    key: ["/api/v1/voting/me/polls", filter],
    read: (cursor, signal) => readPolls(filter, cursor, signal),
  });
  const scope = filter.scope_id;
  const back =
    search.community === undefined
      ? undefined
      : { href: `/c/${search.community}`, name: intl.formatMessage({ id: "polls.back.community" }) };
  return (
    <>
      <PageHead
        title={intl.formatMessage({ id: "nav.polls" })}
        {...(filter.scope_type !== undefined && scope !== undefined && { sub: <ScopeName type={filter.scope_type} id={scope} /> })}
        {...(back && { back })}
      >
        {mayCreate && (
          <LinkButton href={createAddress(search)}>
            <Plus className="i s" aria-hidden="true" />
            <FormattedMessage id="polls.new" />
          </LinkButton>
        )}
      </PageHead>
      {scope === undefined && <Invites />}
      <div className="vstack">
        <nav className="tabs" aria-label={intl.formatMessage({ id: "polls.phases" })} ref={showCurrent}>
          {phases
            .filter((p) => p !== "draft" || (totals?.draft ?? 0) > 0 || filter.phase === "draft")
            .map((p) => (
              <Link
                key={p}
                to="/polls"
                search={{ ...search, phase: p === "open" ? undefined : p }}
                {...(p === filter.phase && { "aria-current": "page" as const })}
                activeOptions={{ exact: true, explicitUndefined: true }}
              >
                {intl.formatMessage({ id: `polls.phase.${p}` })}
                {totals && <span className="muted label">{intl.formatNumber(totals[p])}</span>}
              </Link>
            ))}
        </nav>
        <PollSearch search={search} />
      </div>
      <PagedList
        query={query}
        empty={
          <div className="card">
            <Nothing filter={filter} mayCreate={mayCreate} search={search} />
          </div>
        }
      >
        {(items) => <Polls items={items} />}
      </PagedList>
    </>
  );
}

function createAddress({ community, team }: PollsSearch): string {
  if (community !== undefined) return `/polls/new?community=${community}`;
  return team === undefined ? "/polls/new" : `/polls/new?team=${team}`;
}

function ScopeName({ type, id }: { type: "COMMUNITY" | "TEAM"; id: string }) {
  return <span dir="auto">{usePlaceName({ scope_type: type, scope_id: id })}</span>;
}

function Polls({ items }: { items: MyPoll[] }) {
  const todo = items.filter((i) => i.my.todo);
  const rest = items.filter((i) => !i.my.todo);
  return (
    <>
      {todo.length > 0 && (
        <section className="vstack" aria-labelledby="todo">
          <h2 id="todo">
            <FormattedMessage id="polls.todo" />
          </h2>
          <ul className="tiles">
            {todo.map((item, i) => (
              <TodoCard key={item.poll.id} item={item} first={i === 0} />
            ))}
          </ul>
        </section>
      )}
      {rest.length > 0 && (
        <section className="vstack" aria-labelledby={todo.length > 0 ? "rest" : undefined}>
          {todo.length > 0 && (
            <h2 id="rest">
              <FormattedMessage id="polls.rest" />
            </h2>
          )}
          <ul className="card rows">
            {rest.map((item) => (
              <PollRow key={item.poll.id} item={item} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Nothing({ filter, mayCreate, search }: { filter: PollFilter; mayCreate: boolean; search: PollsSearch }) {
  const intl = useIntl();
  if (filter.q !== undefined && filter.q !== "") {
    return <EmptyState title={intl.formatMessage({ id: "polls.empty.search" }, { q: filter.q })} />;
  }
  const phase = filter.phase ?? "open";
  return (
    <EmptyState
      shape="date"
      title={intl.formatMessage({ id: `polls.empty.${phase}` })}
      {...(mayCreate &&
        phase !== "closed" && {
          action: (
            <LinkButton href={createAddress(search)} variant="primary">
              <FormattedMessage id="polls.new" />
            </LinkButton>
          ),
        })}
    >
      {intl.formatMessage({ id: mayCreate ? "polls.empty.text" : "polls.empty.who" })}
    </EmptyState>
  );
}
