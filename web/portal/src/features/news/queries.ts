import { queryOptions } from "@tanstack/react-query";
import type { activity as api } from "@updspace/api";
import { activity, ok } from "@updspace/kit/api.ts";
import { withProgress } from "@updspace/kit/upload.ts";

export type { NewsItem } from "./items.ts";
export type NewsMedia = api.components["schemas"]["NewsMedia"];
export type Comment = api.components["schemas"]["NewsComment"];
export type Report = api.components["schemas"]["NewsReport"];
export type ReportReason = api.components["schemas"]["NewsReportReason"];

export const newsKey = "/api/v1/activity/news";
export const reportsKey = "/api/v1/activity/news-reports";
export const feedKey = "/api/v1/activity/v2/feed";
/** What a change of a post makes stale beside the post: the feed. */
export const staleNews = [[newsKey], [feedKey]] as const;

export interface NewsFilter {
  q?: string | undefined;
  tag?: string | undefined;
  author?: string | undefined;
  sort?: "new" | "best" | undefined;
}

/** For usePages. */
export const newsPages = ({ q, tag, author, sort }: NewsFilter) => ({
  key: [newsKey, "list", { q, tag, author, sort }],
  read: (cursor: string | undefined, signal: AbortSignal) => {
    const query = {
      limit: 20,
      ...(q !== undefined && { q }),
      ...(tag !== undefined && { tag }),
      ...(author !== undefined && { author_id: author }),
      ...(sort !== undefined && { sort }),
      ...(cursor !== undefined && { cursor }),
    };
    return ok(activity.GET("/api/v1/activity/news", { params: { query }, signal }));
  },
});

/** What is pinned: more would be no longer special. */
export const pinnedQuery = queryOptions({
  queryKey: [newsKey, "pinned"],
  queryFn: ({ signal }) => ok(activity.GET("/api/v1/activity/news", { params: { query: { pinned: true, limit: 5 } }, signal })),
});

export const newsQuery = (id: string) =>
  queryOptions({
    queryKey: [newsKey, id],
    queryFn: ({ signal }) => ok(activity.GET("/api/v1/activity/news/{news_id}", { params: { path: { news_id: id } }, signal })),
  });

export const unpublishedQuery = (status: "draft" | "scheduled") =>
  queryOptions({
    queryKey: [newsKey, "unpublished", status],
    queryFn: ({ signal }) => ok(activity.GET("/api/v1/activity/news/drafts", { params: { query: { status, limit: 50 } }, signal })),
  });

/** For usePages: comments that are no replies, or the replies to one. */
export const commentPages = (post: string, parent?: number) => ({
  key: [newsKey, post, "comments", parent ?? 0],
  read: (cursor: string | undefined, signal: AbortSignal) =>
    ok(
      activity.GET("/api/v1/activity/news/{news_id}/comments/page", {
        params: {
          path: { news_id: post },
          query: { ...(parent !== undefined && { parent_id: parent }), ...(cursor !== undefined && { cursor }) },
        },
        signal,
      }),
    ),
});

/** For usePages. */
export const reportPages = (status: "open" | "all") => ({
  key: [reportsKey, status],
  read: (cursor: string | undefined, signal: AbortSignal) =>
    ok(activity.GET("/api/v1/activity/news-reports", { params: { query: { status, ...(cursor !== undefined && { cursor }) } }, signal })),
});

export const wordsQuery = queryOptions({
  queryKey: [newsKey, "word-filter"],
  queryFn: ({ signal }) => ok(activity.GET("/api/v1/activity/news/word-filter", { signal })),
});

/** The HTML that a text would have. */
export async function previewOf(text: string): Promise<string> {
  return (await ok(activity.POST("/api/v1/activity/news/preview", { body: { body: text } }))).body_html;
}

/** A picture that was uploaded for a post. */
export interface Picture {
  key: string;
  name: string;
  caption: string;
}

export async function uploadPicture(file: File, headers: { "X-Request-Id": string }, progress: (sent: number) => void): Promise<Picture> {
  const place = await ok(
    activity.POST("/api/v1/activity/news/media/upload-url", {
      body: { filename: file.name, content_type: file.type, size_bytes: file.size },
      headers,
    }),
  );
  const id = place.upload_url.slice(place.upload_url.lastIndexOf("/") + 1);
  await ok(
    activity.PUT("/api/v1/activity/news-uploads/{media_id}", {
      params: { path: { media_id: id } },
      headers: place.upload_headers,
      body: "", // the type of a file in the spec is text; the serializer gives the file itself
      bodySerializer: () => file,
      fetch: withProgress(progress),
    }),
  );
  return { key: place.key, name: file.name, caption: "" };
}
