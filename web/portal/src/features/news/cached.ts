// What is known of posts is changed in place, so that a list does not move under its reader.
import { isNews, type NewsItem } from "./items.ts";

interface Count {
  emoji: string;
  count: number;
  my_reacted?: boolean;
}

interface Pages {
  pages: { items: unknown[] }[];
}

const isObject = (data: unknown): data is Record<string, unknown> => typeof data === "object" && data !== null;
const isPages = (data: unknown): data is Pages => isObject(data) && Array.isArray(data["pages"]);
const isPost = (data: unknown, id: string): data is NewsItem =>
  isObject(data) && isNews({ type: String(data["type"]), ...data }) && (data as unknown as NewsItem).payload_json.news_id === id;

/** The answer of a query, a post or pages of items, with the reactions that a post has now. */
export function withReactions(data: unknown, id: string, counts: readonly Count[]): unknown {
  if (isPages(data)) {
    if (!data.pages.some(({ items }) => items.some((item) => isPost(item, id)))) return data;
    return { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map((item) => withReactions(item, id, counts)) })) };
  }
  if (!isPost(data, id)) return data;
  const reaction_counts = counts.map(({ emoji, count }) => ({ emoji, count }));
  const my_reactions = counts.filter((c) => c.my_reacted).map((c) => c.emoji);
  const reactions_count = counts.reduce((sum, c) => sum + c.count, 0);
  return { ...data, payload_json: { ...data.payload_json, reaction_counts, my_reactions, reactions_count } };
}
