import { activity, ok } from "@updspace/kit/api.ts";

const told = new Set<string>();

/** Tells the server that the person saw a post, once while the portal is open. A view that is not counted is no loss to the reader. */
export function countView(id: string): void {
  if (told.has(id)) return;
  told.add(id);
  void ok(activity.POST("/api/v1/activity/news/{news_id}/views", { params: { path: { news_id: id } }, body: {} })).catch(() =>
    told.delete(id),
  );
}
