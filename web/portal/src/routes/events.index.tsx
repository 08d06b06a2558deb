import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { myGroupsQuery } from "@updspace/kit/groups.tsx";
import { pagesOptions } from "@updspace/kit/pages.tsx";
import { useMayCreate } from "../creating.ts";
import { EventsPage } from "../features/events/EventsPage.tsx";
import { filterOf } from "../features/events/filter.ts";
import { datePages } from "../features/events/queries.ts";
import { eventsSearch } from "../features/events/search.ts";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/events/")({
  beforeLoad: requireSession,
  validateSearch: eventsSearch,
  loaderDeps: ({ search }) => search,
  loader: async ({ context: { queries }, deps }) => {
    const { view, over, from, to } = deps;
    // Days wait for the reader's zone, which the page knows.
    if (view === undefined && from === undefined && to === undefined)
      void queries.prefetchInfiniteQuery(pagesOptions(datePages(filterOf(deps), over ? "over" : "coming")));
    await queries.prefetchQuery(myGroupsQuery); // they decide on the buttons at the top, which would push the page down
  },
  component: Page,
});

const route = getRouteApi("/events/"); // not Route: its file would come along with the page

function Page() {
  return <EventsPage search={route.useSearch()} mayCreate={useMayCreate("events.event.create")} />;
}
