export type Mark = "bold" | "italic" | "link" | "list" | "quote";

interface Marked {
  text: string;
  start: number;
  end: number;
}

const around: Record<"bold" | "italic", string> = { bold: "**", italic: "_" };
const before: Record<"list" | "quote", string> = { list: "- ", quote: "> " };

/** The text with a mark put on its selection (or taken off again), and what is selected then. */
export function applied(mark: Mark, text: string, start: number, end: number): Marked {
  const chosen = text.slice(start, end);
  if (mark === "bold" || mark === "italic") {
    const m = around[mark];
    if (text.slice(0, start).endsWith(m) && text.slice(end).startsWith(m)) {
      return { text: text.slice(0, start - m.length) + chosen + text.slice(end + m.length), start: start - m.length, end: end - m.length };
    }
    return { text: text.slice(0, start) + m + chosen + m + text.slice(end), start: start + m.length, end: end + m.length };
  }
  if (mark === "link") {
    const address = /^https?:\/\/\S+$/.test(chosen);
    const put = address ? `[](${chosen})` : `[${chosen}](https://)`;
    const at = address ? start + 1 : start + chosen.length + 3;
    return { text: text.slice(0, start) + put + text.slice(end), start: at, end: address ? at : at + "https://".length };
  }
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const m = before[mark];
  const lines = text.slice(from, end).split("\n");
  const all = lines.every((l) => l.startsWith(m));
  const put = lines.map((l) => (all ? l.slice(m.length) : m + l)).join("\n");
  return { text: text.slice(0, from) + put + text.slice(end), start: from, end: from + put.length };
}
