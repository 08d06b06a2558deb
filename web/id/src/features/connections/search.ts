/** How a way to a service ended: the server writes it into the address of the page. */
export interface Outcome {
  linked?: string;
  link_error?: string;
  provider?: string;
}

const word = (value: unknown): string | undefined => (typeof value === "string" && /^[A-Za-z0-9_-]{1,64}$/.test(value) ? value : undefined);

export function outcomeOf(search: Record<string, unknown>): Outcome {
  const outcome: Outcome = {};
  for (const name of ["linked", "link_error", "provider"] as const) {
    const value = word(search[name]);
    if (value !== undefined) outcome[name] = value;
  }
  return outcome;
}
