import { expect, test } from "vitest";
import { applied, type Mark } from "./marks.ts";

// "|" are the ends of the selection.
function marked(mark: Mark, text: string): string {
  const start = text.indexOf("|");
  const end = text.indexOf("|", start + 1) - 1;
  const next = applied(mark, text.replaceAll("|", ""), start, end);
  return `${next.text.slice(0, next.start)}|${next.text.slice(next.start, next.end)}|${next.text.slice(next.end)}`;
}

test.each<[Mark, string, string]>([
  ["bold", "a |b| c", "a **|b|** c"],
  ["bold", "a **|b|** c", "a |b| c"],
  ["bold", "||", "**||**"],
  ["italic", "|a|", "_|a|_"],
  ["link", "see |this|", "see [this](|https://|)"],
  ["link", "|https://a.test|", "[||](https://a.test)"],
  ["list", "x\na|b\nc|d", "x\n|- ab\n- c|d"],
  ["list", "|- a\n- b|", "|a\nb|"],
  ["quote", "||", "|> |"],
])("%s on %j", (mark, before, after) => expect(marked(mark, before)).toBe(after));
