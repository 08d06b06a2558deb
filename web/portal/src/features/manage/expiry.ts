// When something ends: chosen as a span or a date, sent as an instant.

export const spans = ["never", "day", "week", "month", "quarter", "date"] as const;
export type Span = (typeof spans)[number];

export interface Expiry {
  span: Span;
  /** "2026-03-31", when the span is a date. */
  date: string;
}

export const never: Expiry = { span: "never", date: "" };

const days = { day: 1, week: 7, month: 30, quarter: 90 };

/** The end of it; null for never, undefined when a date is missing or past. A date ends with its last moment where the person is. */
export function endOf({ span, date }: Expiry, now: number): string | null | undefined {
  if (span === "never") return null;
  if (span !== "date") return new Date(now + days[span] * 86_400_000).toISOString();
  const [year, month, day] = date.split("-").map(Number);
  if (!year || !month || !day) return undefined;
  const end = new Date(year, month - 1, day + 1);
  return end.getTime() > now ? end.toISOString() : undefined;
}

/** The choice that an end stands for now: its last day where the person is. */
export function expiryOf(end: string | null): Expiry {
  if (end === null) return never;
  const last = new Date(Date.parse(end) - 1);
  const two = (n: number) => String(n).padStart(2, "0");
  return { span: "date", date: `${last.getFullYear()}-${two(last.getMonth() + 1)}-${two(last.getDate())}` };
}
