import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { myGroupsQuery } from "@updspace/kit/groups.tsx";
import { pagesOptions } from "@updspace/kit/pages.tsx";
import { CataloguePage } from "../features/achievements/CataloguePage.tsx";
import { filterOf } from "../features/achievements/filter.ts";
import { useAchievementPlaces } from "../features/achievements/places.ts";
import { achievementPages, categoriesQuery } from "../features/achievements/queries.ts";
import { achievementsSearch } from "../features/achievements/search.ts";
import { may, requireSession, useSession } from "../session.ts";

export const Route = createFileRoute("/achievements/")({
  beforeLoad: requireSession,
  validateSearch: achievementsSearch,
  loaderDeps: ({ search }) => search,
  loader: async ({ context: { queries }, deps }) => {
    void queries.prefetchInfiniteQuery(pagesOptions(achievementPages(filterOf(deps))));
    // They decide on the buttons and the filters at the top, which would push the page down.
    await Promise.all([queries.ensureQueryData(categoriesQuery), queries.prefetchQuery(myGroupsQuery)]);
  },
  component: Page,
});

const route = getRouteApi("/achievements/"); // not Route: its file would come along with the page

function Page() {
  const manage = may(useSession(), "gamification.achievements.edit");
  const { tenant, groups } = useAchievementPlaces();
  return <CataloguePage search={route.useSearch()} rights={{ create: tenant || groups.length > 0, manage }} />;
}
