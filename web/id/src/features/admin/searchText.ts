const longest = 100;

/** The text that a list is searched for, of an address. */
export function searchText(search: Record<string, unknown>): { q?: string } {
  const q = typeof search["q"] === "string" ? search["q"].trim().slice(0, longest) : "";
  return q === "" ? {} : { q };
}
