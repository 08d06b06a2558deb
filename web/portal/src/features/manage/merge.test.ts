import { expect, test } from "vitest";
import { readMerged, type Reading } from "./merge.ts";

type Source = "rights" | "groups" | "polls";

interface Entry {
  id: string;
  created_at: string;
}

const at = (minute: number): Entry => ({
  id: `e${String(minute).padStart(3, "0")}`,
  created_at: new Date(Date.UTC(2026, 2, 1, 12, minute)).toISOString(),
});

/** Logs in pages of two, newest first, and how often each was asked. */
function logs(minutes: Record<Source, number[]>) {
  const asked: string[] = [];
  const read = async (source: Source, cursor: string | undefined) => {
    asked.push(`${source} ${cursor ?? ""}`);
    const from = Number(cursor ?? 0);
    const items = minutes[source].slice(from, from + 2).map(at);
    return { items, next_cursor: from + 2 < minutes[source].length ? String(from + 2) : null };
  };
  return { asked, read };
}

async function all(minutes: Record<Source, number[]>) {
  const { read, asked } = logs(minutes);
  const pages: string[][] = [];
  let reading: Reading<Source, Entry> | undefined = {};
  while (reading) {
    const page: Awaited<ReturnType<typeof readMerged<Source, Entry>>> = await readMerged(["rights", "groups", "polls"], reading, read);
    pages.push(page.items.map((e) => e.id));
    reading = page.next;
  }
  return { pages, asked };
}

test("three paged logs come in the order of time", async () => {
  const minutes = { rights: [59, 30, 29, 2], groups: [58, 57, 56, 55, 54], polls: [40, 1] };
  const { pages, asked } = await all(minutes);
  const expected = [59, 58, 57, 56, 55, 54, 40, 30, 29, 2, 1].map((m) => at(m).id);
  expect(pages.flat()).toEqual(expected);
  expect(new Set(asked).size).toBe(asked.length); // no page is read twice
});

test("an entry waits while a page of another log may hold a newer one", async () => {
  const { pages } = await all({ rights: [10, 9], groups: [50, 49, 48], polls: [] });
  expect(pages[0]).toEqual([at(50).id, at(49).id]); // 48 may follow, so 10 waits
  expect(pages[1]).toEqual([at(48).id, at(10).id, at(9).id]);
});

test("empty logs end at once", async () => {
  const { read } = logs({ rights: [], groups: [], polls: [] });
  expect(await readMerged<Source, Entry>(["rights", "groups"], {}, read)).toEqual({ items: [], next: undefined });
  expect(await readMerged<Source, Entry>([], {}, read)).toEqual({ items: [], next: undefined });
});
