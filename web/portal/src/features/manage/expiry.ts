// When something ends: chosen as a span or an instant, sent as an instant.

export const spans = ["never", "day", "week", "month", "quarter", "date"] as const;
export type Span = (typeof spans)[number];

export interface Expiry {
  span: Span;
  /** The instant, when the span is a date; null until it is chosen. */
  at: string | null;
}

export const never: Expiry = { span: "never", at: null };

const days = { day: 1, week: 7, month: 30, quarter: 90 };

/** The end of it; null for never, undefined when a date is missing or past. */
export function endOf({ span, at }: Expiry, now: number): string | null | undefined {
  if (span === "never") return null;
  if (span !== "date") return new Date(now + days[span] * 86_400_000).toISOString();
  return at !== null && Date.parse(at) > now ? at : undefined;
}

/** The choice that stands for an end. */
export function expiryOf(end: string | null): Expiry {
  return end === null ? never : { span: "date", at: end };
}
