import { queryOptions } from "@tanstack/react-query";
import type { portal as api } from "@updspace/api";
import { ok, portal } from "@updspace/kit/api.ts";
import { withProgress } from "@updspace/kit/upload.ts";

export type Post = api.components["schemas"]["Post"];
export type PostSummary = api.components["schemas"]["PostSummary"];
export type Attachment = api.components["schemas"]["Attachment"];
export type Visibility = api.components["schemas"]["PostVisibility"];

/** Which posts a list shows: all that the reader may see, or those of one place or one author. */
export interface PostFilter {
  scope?: "public" | "community" | "team";
  community_id?: string;
  team_id?: string;
  author_id?: string;
}

export const postsKey = "/api/v1/portal/posts";
const page = 20;

/** For usePages. */
export const postPages = (filter: PostFilter) => ({
  key: [postsKey, filter],
  read: (cursor: string | undefined, signal: AbortSignal) =>
    ok(portal.GET("/api/v1/portal/posts", { params: { query: { ...filter, limit: page, ...(cursor && { cursor }) } }, signal })),
});

export const postQuery = (id: string) =>
  queryOptions({
    queryKey: [postsKey, id],
    queryFn: ({ signal }) => ok(portal.GET("/api/v1/portal/posts/{post_id}", { params: { path: { post_id: id } }, signal })),
  });

/** The files of a post as they are sent, with what their pictures show. */
export const filed = (attachments: readonly Attachment[]) => ({
  attachment_ids: attachments.map((a) => a.id),
  alt_texts: attachments.filter((a) => a.inline).map((a) => ({ id: a.id, text: a.alt_text })),
});

/** The HTML that a text would have. */
export async function previewOf(text: string): Promise<string> {
  return (await ok(portal.POST("/api/v1/portal/posts/preview", { body: { body: text } }))).body_html;
}

export function uploadAttachment(file: File, progress: (sent: number) => void, signal: AbortSignal): Promise<Attachment> {
  return ok(
    portal.POST("/api/v1/portal/attachments", {
      params: { query: { file_name: file.name } },
      headers: { "Content-Type": "application/octet-stream" },
      body: "", // the type of a file in the spec is text; the serializer gives the file itself
      bodySerializer: () => file,
      fetch: withProgress(progress),
      signal,
    }),
  );
}

export function deleteAttachment(id: string): Promise<unknown> {
  return ok(portal.DELETE("/api/v1/portal/attachments/{attachment_id}", { params: { path: { attachment_id: id } } }));
}
