import { gamification, ok } from "@updspace/kit/api.ts";
import type { WriteHeaders } from "@updspace/kit/queries.ts";
import { withProgress } from "@updspace/kit/upload.ts";
import type { Place } from "./edits.ts";

export function uploadPicture(place: Place, file: File, headers: WriteHeaders, progress: (sent: number) => void) {
  const { scope_type, scope_id } = place;
  const query = { ...(scope_type && { scope_type }), ...(scope_id && { scope_id }) };
  return ok(
    gamification.POST("/api/v1/gamification/images", {
      params: { query },
      headers: { ...headers, "Content-Type": "application/octet-stream" },
      body: "", // the type of a file in the spec is text; the serializer gives the file itself
      bodySerializer: () => file,
      fetch: withProgress(progress),
    }),
  );
}
