// Days of a calendar as the reader's zone has them, written as ISO 8601 has them: 2026-03-10.
export type Day = string;

const msOfDay = 86_400_000;

const utc = (day: Day) => new Date(`${day}T00:00:00Z`);

/** The day of an instant on the wall of a zone. */
export function dayOf(at: string | number, zone: string): Day {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(
    new Date(at),
  );
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? "";
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
}

export function addDays(day: Day, n: number): Day {
  return new Date(utc(day).getTime() + n * msOfDay).toISOString().slice(0, 10);
}

export const daysBetween = (a: Day, b: Day): number => (utc(b).getTime() - utc(a).getTime()) / msOfDay;

/** The number of the day in its week: 0 is Monday, as both languages have it. */
export function weekday(day: Day): number {
  return (utc(day).getUTCDay() + 6) % 7;
}

export function weekOf(day: Day): Day[] {
  const first = addDays(day, -weekday(day));
  return Array.from({ length: 7 }, (_, i) => addDays(first, i));
}

/** The month before or after, `by` months away: 2026-01 and -1 give 2025-12. */
export function shiftMonth(month: string, by: number): string {
  const first = utc(`${month}-01`);
  first.setUTCMonth(first.getUTCMonth() + by);
  return first.toISOString().slice(0, 7);
}

/** The days of whole weeks that hold a month. */
export function monthDays(month: string): Day[] {
  const first = `${month}-01`;
  const last = addDays(`${shiftMonth(month, 1)}-01`, -1);
  const days: Day[] = [];
  for (let day = addDays(first, -weekday(first)); day <= addDays(last, 6 - weekday(last)); day = addDays(day, 1)) days.push(day);
  return days;
}

interface Span {
  startsAt: string;
  endsAt: string;
  allDay: boolean;
  timeZone: string;
}

/** The first and the last day of an event in the reader's zone. Whole days are the same everywhere: those of the event's zone. */
export function daysOf(e: Span, zone: string): [Day, Day] {
  const where = e.allDay ? e.timeZone : zone;
  const end = Math.max(Date.parse(e.endsAt) - 1, Date.parse(e.startsAt)); // what ends at midnight is not on the next day
  return [dayOf(e.startsAt, where), dayOf(end, where)];
}

/** What takes place on each of the days, whole days first, then by the start. */
export function byDay<E extends Span>(items: readonly E[], days: readonly Day[], zone: string): Map<Day, E[]> {
  const found = new Map<Day, E[]>(days.map((day) => [day, []]));
  const sorted = items.toSorted((a, b) => Number(b.allDay) - Number(a.allDay) || a.startsAt.localeCompare(b.startsAt));
  for (const e of sorted) {
    const [first, last] = daysOf(e, zone);
    for (const day of days) if (first <= day && day <= last) found.get(day)?.push(e);
  }
  return found;
}
