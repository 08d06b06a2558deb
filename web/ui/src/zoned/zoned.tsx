// Instants and what the clocks of a zone show. Apart from the fields, which are heavy.
import { parseAbsolute, parseDate, toCalendarDateTime, toTime, toZoned } from "@internationalized/date";

/** The instant at which a day, 2026-03-10, begins in a zone. */
export function startOfDay(day: string, zone: string): string {
  return toZoned(parseDate(day), zone).toAbsoluteString();
}

/** The instant at which the clocks of one zone show what those of another show at `at`. */
export function sameClock(at: string, from: string, to: string): string {
  return toZoned(toCalendarDateTime(parseAbsolute(at, from)), to).toAbsoluteString();
}

/** The instant at which the clocks of a zone show on a day, 2026-03-10, what they show at `at`. */
export function onDay(at: string, day: string, zone: string): string {
  return toZoned(toCalendarDateTime(parseDate(day), toTime(parseAbsolute(at, zone))), zone).toAbsoluteString();
}
