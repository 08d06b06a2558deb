import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { myGroupsQuery } from "@updspace/kit/groups.tsx";
import * as v from "valibot";
import { NewEventPage } from "../features/events/NewEventPage.tsx";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/events/new")({
  beforeLoad: requireSession,
  validateSearch: v.object({ group: v.optional(v.fallback(v.optional(v.string()), undefined)) }),
  loader: ({ context }) => context.queries.ensureQueryData(myGroupsQuery),
  component: Page,
});

const route = getRouteApi("/events/new"); // not Route: its file would come along with the page

function Page() {
  return <NewEventPage into={route.useSearch().group} />;
}
