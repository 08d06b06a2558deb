import { expect, test } from "vitest";
import { withReactions } from "./cached.ts";

const post = (id: string) => ({
  type: "news.posted",
  payload_json: { news_id: id, reaction_counts: [], my_reactions: [], reactions_count: 0, body: id },
});
const fire = [
  { emoji: "🔥", count: 2, my_reacted: true },
  { emoji: "👍", count: 1, my_reacted: false },
];

test("a post has its new reactions wherever it is shown, and nothing else changes", () => {
  const changed = {
    type: "news.posted",
    payload_json: {
      news_id: "a",
      reaction_counts: [
        { emoji: "🔥", count: 2 },
        { emoji: "👍", count: 1 },
      ],
      my_reactions: ["🔥"],
      reactions_count: 3,
      body: "a",
    },
  };
  expect(withReactions(post("a"), "a", fire)).toEqual(changed);
  const vote = { type: "vote.cast", payload_json: {} };
  const pages = { pages: [{ items: [vote, post("b")] }, { items: [post("a")] }], pageParams: [] };
  expect(withReactions(pages, "a", fire)).toEqual({ pages: [{ items: [vote, post("b")] }, { items: [changed] }], pageParams: [] });
  for (const other of [undefined, post("b"), { count: 1 }, { pages: [{ items: [post("b")] }] }])
    expect(withReactions(other, "a", fire)).toBe(other);
});
