// How an event repeats, as the form has it, and the rule of RFC 5545 section 3.3.10 that says so.
import { addDays, dayOf, daysBetween, weekday, type Day } from "./days.ts";

export const units = ["day", "week", "month", "year"] as const;
export type Unit = (typeof units)[number];

/** On which day of a month: the same date, the same weekday of the same week, or the last such weekday. */
export type MonthDay = "date" | "weekday" | "last";

export interface Repeat {
  unit: Unit;
  /** Every how many units. */
  interval: number;
  /** For weeks: the weekdays, 0 is Monday. */
  weekdays: number[];
  /** For months. */
  monthDay: MonthDay;
  /** The last day on which it may take place; "" for no such day. */
  until: Day;
  /** How many times it takes place; 0 for no such number. */
  count: number;
}

/** A rule that the form cannot show, such as one that came with an imported calendar. It is kept as it is. */
export interface OtherRule {
  rule: string;
}

const names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
const frequencies: Record<Unit, string> = { day: "DAILY", week: "WEEKLY", month: "MONTHLY", year: "YEARLY" };

/** Which of its weekdays in the month a day is: 2026-03-10 is the second Tuesday. */
export const nthOf = (day: Day): number => Math.ceil(Number(day.slice(8)) / 7);

/** Whether a day is the last of its weekdays in the month. */
export const isLast = (day: Day): boolean => addDays(day, 7).slice(0, 7) !== day.slice(0, 7);

/** What one begins with: every week on the weekday of the start. */
export const weekly = (start: Day): Repeat => ({
  unit: "week",
  interval: 1,
  weekdays: [weekday(start)],
  monthDay: "date",
  until: "",
  count: 0,
});

/** The rule of an event that starts on a day. */
export function ruleOf(r: Repeat, start: Day): string {
  const parts = [`FREQ=${frequencies[r.unit]}`];
  if (r.interval > 1) parts.push(`INTERVAL=${r.interval}`);
  const day = names[weekday(start)] ?? "MO";
  if (r.unit === "week")
    parts.push(
      `BYDAY=${r.weekdays
        .toSorted((a, b) => a - b)
        .map((d) => names[d])
        .join(",")}`,
    );
  if (r.unit === "month" && r.monthDay === "weekday") parts.push(`BYDAY=${nthOf(start)}${day}`);
  if (r.unit === "month" && r.monthDay === "last") parts.push(`BYDAY=-1${day}`);
  if (r.until !== "") parts.push(`UNTIL=${r.until.replaceAll("-", "")}`);
  else if (r.count > 0) parts.push(`COUNT=${r.count}`);
  return parts.join(";");
}

const monthsBetween = (a: Day, b: Day): number =>
  (Number(b.slice(0, 4)) - Number(a.slice(0, 4))) * 12 + Number(b.slice(5, 7)) - Number(a.slice(5, 7));

/** Whether an event that starts on a day repeats on another. How often it takes place does not count. */
export function repeatsOn(r: Repeat, start: Day, day: Day): boolean {
  if (day < start || (r.until !== "" && day > r.until)) return false;
  const months = monthsBetween(start, day);
  const sameDate = day.slice(8) === start.slice(8);
  switch (r.unit) {
    case "day":
      return daysBetween(start, day) % r.interval === 0;
    case "week": {
      const weeks = (daysBetween(start, day) + weekday(start) - weekday(day)) / 7;
      return r.weekdays.includes(weekday(day)) && weeks % r.interval === 0;
    }
    case "month": {
      const sameWeekday = weekday(day) === weekday(start);
      const fits = { date: sameDate, weekday: sameWeekday && nthOf(day) === nthOf(start), last: sameWeekday && isLast(day) };
      return fits[r.monthDay] && months % r.interval === 0;
    }
    case "year":
      return sameDate && months % (12 * r.interval) === 0;
  }
}

/** What a rule means; `zone` is that of the event, in which the last day is counted. */
export function repeatOf(rule: string, start: Day, zone: string): Repeat | OtherRule {
  const parts = new Map(
    rule
      .toUpperCase()
      .split(";")
      .map((p) => p.split("=", 2) as [string, string]),
  );
  const take = (name: string) => {
    const value = parts.get(name) ?? "";
    parts.delete(name);
    return value;
  };
  const frequency = take("FREQ");
  const unit = units.find((u) => frequencies[u] === frequency);
  const r: Repeat = {
    ...weekly(start),
    interval: Number(take("INTERVAL") || 1),
    until: dayOfUntil(take("UNTIL"), zone),
    count: Number(take("COUNT") || 0),
  };
  const days = take("BYDAY");
  take("WKST");
  if (unit === undefined || parts.size > 0) return { rule };
  r.unit = unit;
  if (days === "") return r;
  const plain = days.split(",").map((d) => names.indexOf(d as (typeof names)[number]));
  if (unit === "week" && !plain.includes(-1)) return { ...r, weekdays: plain };
  const day = names[weekday(start)] ?? "MO";
  if (unit === "month" && days === `-1${day}`) return { ...r, monthDay: "last" };
  if (unit === "month" && days === `${nthOf(start)}${day}`) return { ...r, monthDay: "weekday" };
  return { rule };
}

function dayOfUntil(until: string, zone: string): Day {
  const m = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/.exec(until);
  if (!m) return "";
  const [, year, month, date, hour, minute, second, utc] = m;
  const day = `${year}-${month}-${date}`;
  return utc === "Z" ? dayOf(`${day}T${hour}:${minute}:${second}Z`, zone) : day;
}
