import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { myGroupsQuery } from "@updspace/kit/groups.tsx";
import * as v from "valibot";
import { addressesQuery } from "../features/events/calendarAddresses.ts";
import { CalendarsPage } from "../features/events/CalendarsPage.tsx";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/events/calendars")({
  beforeLoad: requireSession,
  validateSearch: v.object({ group: v.optional(v.fallback(v.optional(v.string()), undefined)) }),
  loader: ({ context }) => {
    void context.queries.prefetchQuery(addressesQuery);
    return context.queries.ensureQueryData(myGroupsQuery);
  },
  component: Page,
});

const route = getRouteApi("/events/calendars"); // not Route: its file would come along with the page

function Page() {
  return <CalendarsPage group={route.useSearch().group} />;
}
