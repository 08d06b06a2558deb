import { useIntl, type IntlShape } from "react-intl";
import { addDays, dayOf, weekday, type Day } from "./days.ts";
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

/** How a series repeats, in words; a rule that has none is given as it is. */
export function useRuleText(series: { rrule: string | null; startsAt: string } | null, zone: string): string | undefined {
  const intl = useIntl();
  if (series === null || series.rrule === null) return undefined;
  const start = dayOf(series.startsAt, zone);
  const repeat = repeatOf(series.rrule, start, zone);
  return "rule" in repeat ? intl.formatMessage({ id: "calendar.repeat.other" }, { rule: repeat.rule }) : repeatText(intl, repeat, start);
}
