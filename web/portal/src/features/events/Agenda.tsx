import { Link } from "@tanstack/react-router";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { startOfDay } from "@updspace/ui/zoned";
import { FormattedMessage, useIntl } from "react-intl";
import { addDays } from "./days.ts";
import { EventRows } from "./EventRow.tsx";
import { filterOf, isNarrow, wide } from "./filter.ts";
import { datePages, type Span } from "./queries.ts";
import type { EventsSearch } from "./search.ts";

interface AgendaProps {
  search: EventsSearch;
  zone: string;
  mayCreate: boolean;
}

/** Dates as a list: what comes, what is over, or those of some days. */
export function Agenda({ search, zone, mayCreate }: AgendaProps) {
  const over = search.over ?? false;
  const span = spanOf(search, zone);
  const windowed = typeof span === "object";
  const query = usePages(datePages(filterOf(search), span));
  return (
    <div className="vstack">
      <PagedList query={query} empty={<Nothing search={search} mayCreate={mayCreate} />}>
        {(items) => (
          <section className="card" aria-labelledby="agenda">
            <div className="card-head">
              <h2 id="agenda">
                <FormattedMessage id={windowed ? "calendar.window" : over ? "calendar.over" : "calendar.coming"} />
              </h2>
              {query.total !== undefined && (
                <span className="small muted">
                  <FormattedMessage id="calendar.listed" values={{ n: query.total }} />
                </span>
              )}
            </div>
            <EventRows items={items} />
          </section>
        )}
      </PagedList>
      {!windowed && (
        <div className="btns center">
          <Link to="/events" search={{ ...search, over: over ? undefined : true }} className="link small">
            <FormattedMessage id={over ? "calendar.coming.show" : "calendar.over.show"} />
          </Link>
        </div>
      )}
    </div>
  );
}

/** Days are those of the reader. */
function spanOf({ from, to, over }: EventsSearch, zone: string): Span {
  if (from === undefined && to === undefined) return over ? "over" : "coming";
  return { ...(from !== undefined && { from: startOfDay(from, zone) }), ...(to !== undefined && { to: startOfDay(addDays(to, 1), zone) }) };
}

function Nothing({ search, mayCreate }: { search: EventsSearch; mayCreate: boolean }) {
  const intl = useIntl();
  if (isNarrow(search)) {
    return (
      <div className="card">
        <EmptyState
          shape="date"
          title={intl.formatMessage({ id: "calendar.none.filtered" })}
          action={
            <Link to="/events" search={wide(search)} className="btn line">
              <FormattedMessage id="calendar.filters.clear" />
            </Link>
          }
        >
          <FormattedMessage id="calendar.none.filtered.text" />
        </EmptyState>
      </div>
    );
  }
  const over = search.over ?? false;
  return (
    <div className="card">
      <EmptyState
        shape="date"
        title={intl.formatMessage({ id: over ? "calendar.none.over" : "calendar.none" })}
        {...(mayCreate &&
          !over && {
            action: (
              <LinkButton href="/events/new" variant="primary">
                <FormattedMessage id="calendar.new" />
              </LinkButton>
            ),
          })}
      >
        {intl.formatMessage({ id: mayCreate && !over ? "calendar.none.text" : "calendar.none.who" })}
      </EmptyState>
    </div>
  );
}
