// What the service answers about news: a post with everything, and a short one.
import { id } from "./demo.ts";

const tenant = "00000000-0000-0000-0000-000000000001";
const author = "00000000-0000-4000-8000-000000000001";

const post = (end: string, title: string | null, body_html: string, payload: object) => ({
  id: 1,
  tenant_id: tenant,
  actor_user_id: author,
  target_user_id: null,
  type: "news.posted",
  occurred_at: "2026-03-01T12:00:00Z",
  title: title ?? "The bridge holds",
  visibility: "public",
  scope_type: "TENANT",
  scope_id: tenant,
  source_ref: `news:${id(end)}`,
  actor_profile: null,
  link: `/news/${id(end)}`,
  payload_json: {
    news_id: id(end),
    title,
    body: "",
    body_html,
    tags: [],
    media: [],
    status: "published",
    publish_at: null,
    permalink: { news_id: id(end), path: `/feed/${id(end)}` },
    comments_count: 0,
    reactions_count: 0,
    views_count: 0,
    reaction_counts: [],
    my_reactions: [],
    pinned: false,
    hidden: false,
    hidden_reason: null,
    comments_locked: false,
    edited_at: null,
    version: 1,
    can_edit: false,
    can_moderate: false,
    ...payload,
  },
});

export const newsPage = {
  items: [
    post(
      "f8",
      "Finals on Sunday, at seven, on the big stage of the old theatre",
      "<p><strong>Seven</strong>, and not a minute later.</p><ul><li>Chess</li><li>Football</li></ul>",
      {
        tags: ["finals", "stage", "a-tag-of-more-than-one-word-that-is-long"],
        media: [{ type: "youtube", url: "https://www.youtube.com/watch?v=dQw4w9WgXcQ", video_id: "dQw4w9WgXcQ", title: "Last year" }],
        pinned: true,
        comments_count: 23,
        reactions_count: 58,
        views_count: 412,
        reaction_counts: [
          { emoji: "🔥", count: 41 },
          { emoji: "❤️", count: 17 },
        ],
        my_reactions: ["🔥"],
        edited_at: "2026-03-01T13:00:00Z",
        can_edit: true,
        can_moderate: true,
      },
    ),
    post("f9", null, "<p>The bridge holds. We cross on Friday.</p>", {}),
  ],
  next_cursor: null,
};
