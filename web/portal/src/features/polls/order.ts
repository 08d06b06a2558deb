// The order of questions and options. The server keeps a number for each; two of one row never have the same.

interface Ordered {
  id: string;
  sort_order: number;
}

/** What has to be renumbered so that the things stand in the order of ids: the beginning that ascends stays, the rest goes behind all. */
export function renumber(things: readonly Ordered[], ids: readonly string[]): Ordered[] {
  const wanted = ids.flatMap((id) => things.find((t) => t.id === id) ?? []);
  const first = wanted.findIndex((t, i) => t.sort_order <= (wanted[i - 1]?.sort_order ?? -1));
  if (first === -1) return [];
  const behind = Math.max(...things.map((t) => t.sort_order)) + 1;
  return wanted.slice(first).map((t, i) => ({ id: t.id, sort_order: behind + i }));
}
