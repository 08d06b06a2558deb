// What is written of a post, and what the server is told of it.
import type { NewsItem, Picture } from "./queries.ts";

export interface NewsText {
  title: string;
  body: string;
  /** Separated by commas. */
  tags: string;
  pictures: Picture[];
  videos: Video[];
  /** public, private, or the kind and id of a group with a colon between. */
  place: string;
  /** When it is to appear; null for at once. */
  at: string | null;
}

/** A video elsewhere. */
export interface Video {
  id: string;
  title: string;
}

/** The id of the video on YouTube that an address leads to. */
export function videoOf(address: string): string | undefined {
  let url: URL;
  try {
    url = new URL(address.trim());
  } catch {
    return undefined;
  }
  const host = url.hostname.replace(/^(www|m|music)\./, "");
  const [, first = "", second = ""] = url.pathname.split("/");
  const named = ["embed", "shorts", "live"].includes(first) ? second : (url.searchParams.get("v") ?? "");
  const id = host === "youtu.be" ? first : host === "youtube.com" || host === "youtube-nocookie.com" ? named : "";
  return /^[\w-]{11}$/.test(id) ? id : undefined;
}

/** Where a post stands. */
export function placeOf(post: NewsItem): string {
  if (post.visibility === "private") return "private";
  return post.scope_type === "TENANT" ? "public" : `${post.scope_type}:${post.scope_id}`;
}

export function textOf(post?: NewsItem): NewsText {
  if (!post) return { title: "", body: "", tags: "", pictures: [], videos: [], place: "public", at: null };
  const p = post.payload_json;
  return {
    title: p.title ?? "",
    body: p.body,
    tags: p.tags.join(", "),
    pictures: p.media.flatMap((m) =>
      m.key === undefined ? [] : [{ key: m.key, name: m.key.slice(m.key.lastIndexOf("/") + 34), caption: m.caption ?? "" }],
    ),
    videos: p.media.flatMap((m) => (m.video_id === undefined ? [] : [{ id: m.video_id, title: m.title ?? "" }])),
    place: placeOf(post),
    at: p.publish_at,
  };
}

/** The request: what it says, and where a new post goes. */
export function bodyOf({ title, body, tags, pictures, videos, place, at }: NewsText, status: "draft" | "published" | "scheduled") {
  const [kind, id] = place.split(":");
  const visibility = id === undefined ? (place === "private" ? "private" : "public") : kind === "TEAM" ? "team" : "community";
  return {
    visibility: visibility as "public" | "private" | "team" | "community",
    place: {
      visibility: visibility as "public" | "private" | "team" | "community",
      ...(id === undefined ? { scope_type: "TENANT" } : { scope_type: kind as string, scope_id: id }),
    },
    content: {
      title,
      body,
      tags: tags.split(",").map((tag) => tag.trim()),
      media: [
        ...pictures.map((p) => ({ type: "image", key: p.key, caption: p.caption })),
        ...videos.map((v) => ({ type: "youtube", video_id: v.id, url: `https://youtu.be/${v.id}`, title: v.title })),
      ],
      status,
      ...(status === "scheduled" && at !== null && { publish_at: at }),
    },
  };
}
