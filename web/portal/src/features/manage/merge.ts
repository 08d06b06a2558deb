// Several logs that are each read page by page, newest first, as one list in the order of time.

export interface Dated {
  id: string;
  created_at: string;
}

export interface LogPage<E> {
  items: E[];
  next_cursor: string | null;
}

/** How far a log has been read. */
interface Position<E> {
  /** Read, but not yet given out: a page of another log may still hold something newer. */
  waiting: E[];
  /** Undefined before the first page, null after the last one. */
  cursor: string | null | undefined;
}

export type Reading<S extends string, E> = Partial<Record<S, Position<E>>>;

export interface Merged<S extends string, E> {
  items: (E & { source: S })[];
  /** Undefined when every log is at its end. */
  next: Reading<S, E> | undefined;
}

export type ReadLog<S extends string, E> = (source: S, cursor: string | undefined) => Promise<LogPage<E>>;

/** Reads on where `reading` stands: one page of each log that has nothing waiting, and from that all entries whose order is certain. */
export async function readMerged<S extends string, E extends Dated>(
  sources: readonly S[],
  reading: Reading<S, E>,
  read: ReadLog<S, E>,
): Promise<Merged<S, E>> {
  const logs = await Promise.all(
    sources.map(async (source): Promise<Position<E> & { source: S }> => {
      const at = reading[source] ?? { waiting: [], cursor: undefined };
      if (at.waiting.length > 0 || at.cursor === null) return { source, waiting: [...at.waiting], cursor: at.cursor };
      const page = await read(source, at.cursor);
      return { source, waiting: [...page.items], cursor: page.next_cursor };
    }),
  );
  const items: (E & { source: S })[] = [];
  // An entry is certain while every log that goes on has one waiting to compare it with.
  while (logs.every((l) => l.waiting.length > 0 || l.cursor === null)) {
    let newest: (typeof logs)[number] | undefined;
    for (const l of logs) {
      if (l.waiting[0] && (!newest?.waiting[0] || isNewer(l.waiting[0], newest.waiting[0]))) newest = l;
    }
    const entry = newest?.waiting.shift();
    if (!newest || !entry) break;
    items.push({ ...entry, source: newest.source });
  }
  const ended = logs.every((l) => l.waiting.length === 0 && l.cursor === null);
  const next: Reading<S, E> = {};
  for (const { source, waiting, cursor } of logs) next[source] = { waiting, cursor };
  return { items, next: ended ? undefined : next };
}

function isNewer(a: Dated, b: Dated): boolean {
  const [x, y] = [Date.parse(a.created_at), Date.parse(b.created_at)];
  return x === y ? a.id > b.id : x > y; // ids of one moment are in the order of their making, too
}
