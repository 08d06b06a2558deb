import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { myGroupsQuery } from "@updspace/kit/groups.tsx";
import { NominationsPage } from "../features/achievements/nominations/NominationsPage.tsx";
import { nominationsSearch } from "../features/achievements/search.ts";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/achievements/nominations")({
  beforeLoad: requireSession,
  validateSearch: nominationsSearch,
  loader: ({ context }) => context.queries.prefetchQuery(myGroupsQuery), // they decide on the views
  component: Page,
});

const route = getRouteApi("/achievements/nominations"); // not Route: its file would come along with the page

function Page() {
  return <NominationsPage search={route.useSearch()} />;
}
