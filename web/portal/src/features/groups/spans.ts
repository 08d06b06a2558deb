const day = 86_400_000; // milliseconds

/** The moment in so many days, as it goes over the wire. */
export function inDays(days: number): string {
  return new Date(Date.now() + days * day).toISOString();
}
