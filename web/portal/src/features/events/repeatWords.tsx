import { useNow } from "@updspace/kit/time.tsx";
import { FormattedMessage, useIntl, type IntlShape } from "react-intl";
import { addDays, dayOf, weekday, type Day } from "./days.ts";
import type { EventSeries } from "./queries.ts";
import { nthOf, repeatOf, type Repeat } from "./repeat.ts";

/** The name of a weekday; 0 is Monday. */
export function weekdayName(intl: IntlShape, day: number, style: "long" | "short"): string {
  return intl.formatDate(`${addDays("2024-01-01", day)}T00:00:00Z`, { weekday: style, timeZone: "UTC" }); // that was a Monday
}

/** "Every 2 weeks: Tuesday and Thursday, until 31 December": how an event that starts on a day repeats. */
export function repeatText(intl: IntlShape, r: Repeat, start: Day): string {
  const n = r.interval;
  const nth = weekday(start) as 0 | 1 | 2 | 3 | 4 | 5 | 6; // what weekday gives
  const days = intl.formatList(
    r.weekdays.toSorted((a, b) => a - b).map((d) => weekdayName(intl, d, "long")),
    { type: "conjunction" },
  );
  const which = {
    date: intl.formatMessage({ id: "calendar.repeat.date" }, { n: Number(start.slice(8)) }),
    weekday: intl.formatMessage({ id: `calendar.repeat.nth.${nth}` }, { n: nthOf(start) }),
    last: intl.formatMessage({ id: `calendar.repeat.last.${nth}` }),
  };
  const text = {
    day: () => intl.formatMessage({ id: "calendar.repeat.days" }, { n }),
    week: () => intl.formatMessage({ id: "calendar.repeat.weeks" }, { n, days }),
    month: () => intl.formatMessage({ id: "calendar.repeat.months" }, { n, which: which[r.monthDay] }),
    year: () => intl.formatMessage({ id: "calendar.repeat.years" }, { n }),
  }[r.unit]();
  if (r.until !== "") {
    const day = intl.formatDate(`${r.until}T00:00:00Z`, { dateStyle: "long", timeZone: "UTC" });
    return intl.formatMessage({ id: "calendar.repeat.until" }, { text, day });
  }
  return r.count > 0 ? intl.formatMessage({ id: "calendar.repeat.count" }, { text, n: r.count }) : text;
}

const mostNamed = 5;

/** How a series repeats, in words; a rule that has none is given as it is. Then the next extra dates and those that are left out. */
export function RuleText({ series, zone }: { series: EventSeries; zone: string }) {
  const intl = useIntl();
  const now = useNow();
  const list = (dates: readonly string[]) =>
    intl.formatList(
      dates
        .filter((at) => Date.parse(at) > now)
        .slice(0, mostNamed)
        .map((at) => intl.formatDate(at, { day: "numeric", month: "long", timeZone: zone })),
      { type: "conjunction" },
    );
  const extra = list(series.rdates);
  const leftOut = list(series.exdates);
  return (
    <div>
      <span className="block">{useRule(series, zone)}</span>
      {extra !== "" && (
        <span className="small muted block">
          <FormattedMessage id="calendar.dates.extra.list" values={{ dates: extra }} />
        </span>
      )}
      {leftOut !== "" && (
        <span className="small muted block">
          <FormattedMessage id="calendar.dates.leftOut.list" values={{ dates: leftOut }} />
        </span>
      )}
    </div>
  );
}

function useRule(series: EventSeries, zone: string): string {
  const intl = useIntl();
  if (series.rrule === null) return intl.formatMessage({ id: "calendar.repeat.kind.picked" });
  const start = dayOf(series.startsAt, zone);
  const repeat = repeatOf(series.rrule, start, zone);
  return "rule" in repeat ? intl.formatMessage({ id: "calendar.repeat.other" }, { rule: repeat.rule }) : repeatText(intl, repeat, start);
}
