import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import * as v from "valibot";
import { JournalPage } from "../features/manage/JournalPage.tsx";
import { sources } from "../features/manage/parts.ts";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/manage/journal")({
  validateSearch: v.object({
    source: v.optional(v.fallback(v.optional(v.picklist(sources)), undefined)),
    actor: v.optional(v.string()),
    group: v.optional(v.fallback(v.optional(v.pipe(v.string(), v.uuid())), undefined)),
    days: v.optional(v.fallback(v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(365))), undefined)),
  }),
  beforeLoad: requireSession,
  component: Page,
});

const route = getRouteApi("/manage/journal"); // not Route: its file would come along with the page

function Page() {
  return <JournalPage {...route.useSearch()} />;
}
