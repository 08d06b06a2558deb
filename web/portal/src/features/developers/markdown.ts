// The little Markdown that the documents are written in: paragraphs, list items, `code` and **strong**.

export interface Inline {
  kind: "text" | "code" | "strong";
  text: string;
}

const item = /^\s*(?:\d+\.|[-*])\s/;

/** Paragraphs and list items, each without the line breaks of the source. */
export function blocksOf(source: string): string[] {
  const blocks: string[] = [];
  let open = false;
  for (const line of source.split("\n")) {
    const text = line.trim();
    if (text === "") open = false;
    else if (open && !item.test(line)) blocks.push(`${blocks.pop()} ${text}`);
    else {
      blocks.push(text.replace(/^[-*]\s+/, "• "));
      open = true;
    }
  }
  return blocks;
}

export function inlines(block: string): Inline[] {
  return block
    .split(/(`[^`]+`|\*\*[^*]+\*\*)/)
    .filter((part) => part !== "")
    .map((part): Inline => {
      if (part.startsWith("`")) return { kind: "code", text: part.slice(1, -1) };
      if (part.startsWith("**")) return { kind: "strong", text: part.slice(2, -2) };
      return { kind: "text", text: part };
    });
}
