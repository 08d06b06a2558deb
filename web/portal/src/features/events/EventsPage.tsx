import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CalendarSync, ChevronLeft, ChevronRight, FileUp, Plus } from "lucide-react";
import { ErrorPage } from "@updspace/kit/errors.tsx";
import { useNow } from "@updspace/kit/time.tsx";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { Skeleton } from "@updspace/ui/Skeleton";
import { FormattedMessage, useIntl } from "react-intl";
import { Agenda } from "./Agenda.tsx";
import { addDays, byDay, dayOf, daysOf, monthDays, shiftMonth, weekOf, type Day } from "./days.ts";
import { EventFilters } from "./EventFilters.tsx";
import { EventRows } from "./EventRow.tsx";
import css from "./events.module.css";
import { calendarQuery, filterOf } from "./filter.ts";
import { MonthGrid } from "./MonthGrid.tsx";
import type { EventsSearch, View } from "./search.ts";
import { useZone } from "./when.tsx";

const views: readonly View[] = ["list", "month", "week"];

/** The calendar of the space: what comes as a list, a month or a week. */
export function EventsPage({ search, mayCreate }: { search: EventsSearch; mayCreate: boolean }) {
  const intl = useIntl();
  const zone = useZone();
  const today = dayOf(useNow(), zone);
  const view = search.view ?? "list";
  const day = search.day ?? today;
  const mine = search.mine ?? false;
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "nav.events" })}>
        <LinkButton href="/events/calendars" variant="quiet">
          <CalendarSync className="i s" aria-hidden="true" />
          <FormattedMessage id="calendar.subscribe" />
        </LinkButton>
        {mayCreate && (
          <LinkButton href="/events/import" variant="quiet">
            <FileUp className="i s" aria-hidden="true" />
            <FormattedMessage id="calendar.import.short" />
          </LinkButton>
        )}
        {mayCreate && (
          <LinkButton href="/events/new">
            <Plus className="i s" aria-hidden="true" />
            <FormattedMessage id="calendar.new" />
          </LinkButton>
        )}
      </PageHead>
      <EventFilters search={search} />
      <div className={css["bar"]}>
        {view !== "list" && <Steps view={view} day={day} search={search} />}
        <nav className="choice" aria-label={intl.formatMessage({ id: "calendar.whose" })}>
          {[false, true].map((own) => (
            <Link
              key={String(own)}
              to="/events"
              search={{ ...search, mine: own || undefined }}
              {...(own === mine && { "aria-current": "true" as const })}
              activeOptions={{ exact: true, explicitUndefined: true }}
            >
              {intl.formatMessage({ id: own ? "calendar.whose.mine" : "calendar.whose.all" })}
            </Link>
          ))}
        </nav>
        <nav className={`choice ${css["end"]}`} aria-label={intl.formatMessage({ id: "calendar.view" })}>
          {views.map((v) => (
            <Link
              key={v}
              to="/events"
              search={{ ...search, view: v === "list" ? undefined : v, over: undefined, from: undefined, to: undefined }}
              {...(v === view && { "aria-current": "true" as const })}
              activeOptions={{ exact: true, explicitUndefined: true }}
            >
              {intl.formatMessage({ id: `calendar.view.${v}` })}
            </Link>
          ))}
        </nav>
      </div>
      {view === "list" ? (
        <Agenda search={search} zone={zone} mayCreate={mayCreate} />
      ) : (
        <Grid view={view} day={day} today={today} zone={zone} search={search} />
      )}
    </>
  );
}

/** The month or week that is shown, with the one before and the one after. */
function Steps({ view, day, search }: { view: "month" | "week"; day: Day; search: EventsSearch }) {
  const intl = useIntl();
  const to = (by: number) => (view === "month" ? `${shiftMonth(day.slice(0, 7), by)}-01` : addDays(day, by * 7));
  const link = (by: -1 | 1, name: "calendar.before" | "calendar.after") => (
    <Link to="/events" search={{ ...search, day: to(by) }} className="icon-btn" aria-label={intl.formatMessage({ id: name }, { view })}>
      {by < 0 ? <ChevronLeft className="i" aria-hidden="true" /> : <ChevronRight className="i" aria-hidden="true" />}
    </Link>
  );
  return (
    <div className={css["month"]}>
      {link(-1, "calendar.before")}
      <h2>{useRangeName(view, day)}</h2>
      {link(1, "calendar.after")}
    </div>
  );
}

function useRangeName(view: "month" | "week", day: Day): string {
  const intl = useIntl();
  const at = (d: Day) => new Date(`${d}T00:00:00Z`);
  if (view === "month") {
    const name = intl.formatDate(at(day), { month: "long", year: "numeric", timeZone: "UTC" }).replace(/ г\.$/, "");
    return name.charAt(0).toLocaleUpperCase(intl.locale) + name.slice(1);
  }
  const week = weekOf(day);
  return intl.formatDateTimeRange(at(week[0] ?? day), at(week[6] ?? day), { day: "numeric", month: "short", timeZone: "UTC" });
}

interface GridProps {
  view: "month" | "week";
  day: Day;
  today: Day;
  zone: string;
  search: EventsSearch;
}

function Grid({ view, day, today, zone, search }: GridProps) {
  const intl = useIntl();
  const name = useRangeName(view, day);
  const month = day.slice(0, 7);
  const days = view === "month" ? monthDays(month) : weekOf(day);
  const query = useQuery(calendarQuery(view, day, zone, filterOf(search)));
  if (query.isPending) return <Skeleton label={intl.formatMessage({ id: "loading" })} />;
  if (query.isError) return <ErrorPage error={query.error} retry={() => void query.refetch()} />;
  const { truncated } = query.data;
  const items = query.data.items.filter((e) => {
    const [first, last] = daysOf(e, zone);
    return days.some((d) => first <= d && d <= last);
  });
  return (
    <div className={css["cal"]}>
      <MonthGrid
        label={name}
        days={days}
        {...(view === "month" && { month })}
        today={today}
        events={byDay(items, days, zone)}
        week={(d) => ({ ...search, view: "week", day: d })}
      />
      <section className="card" aria-labelledby="listed">
        <div className="card-head">
          <h2 id="listed">
            <FormattedMessage id="calendar.listed" values={{ n: items.length }} />
          </h2>
        </div>
        {truncated && (
          <p className="pad small muted">
            <FormattedMessage id="calendar.truncated" values={{ n: items.length }} />
          </p>
        )}
        <EventRows items={items} />
      </section>
    </div>
  );
}
