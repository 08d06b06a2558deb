import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { myGroupsQuery } from "@updspace/kit/groups.tsx";
import { pagesOptions } from "@updspace/kit/pages.tsx";
import { LeaderboardPage } from "../features/points/LeaderboardPage.tsx";
import { boardPages, levelsQuery, mineQuery, placeQuery, seasonsQuery } from "../features/points/queries.ts";
import { boardOf, boardSearch } from "../features/points/search.ts";
import { may, requireSession, useSession } from "../session.ts";
import { words } from "../words.ts";

export const Route = createFileRoute("/achievements/leaderboard")({
  beforeLoad: requireSession,
  validateSearch: boardSearch,
  loaderDeps: ({ search }) => search,
  loader: async ({ context: { queries }, deps }) => {
    const board = boardOf(deps);
    void queries.prefetchInfiniteQuery(pagesOptions(boardPages(board)));
    void queries.prefetchQuery(placeQuery(board));
    void queries.prefetchQuery(mineQuery);
    void queries.prefetchQuery(levelsQuery);
    await Promise.all([words.need("points"), queries.ensureQueryData(seasonsQuery), queries.prefetchQuery(myGroupsQuery)]);
  },
  component: Page,
});

const route = getRouteApi("/achievements/leaderboard"); // not Route: its file would come along with the page

function Page() {
  return <LeaderboardPage search={route.useSearch()} manage={may(useSession(), "gamification.points.manage")} />;
}
