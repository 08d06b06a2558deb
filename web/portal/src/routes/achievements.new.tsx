import { createFileRoute } from "@tanstack/react-router";
import { myGroupsQuery } from "@updspace/kit/groups.tsx";
import { NewAchievementPage } from "../features/achievements/NewAchievementPage.tsx";
import { categoriesQuery } from "../features/achievements/queries.ts";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/achievements/new")({
  beforeLoad: requireSession,
  loader: ({ context: { queries } }) => Promise.all([queries.ensureQueryData(categoriesQuery), queries.prefetchQuery(myGroupsQuery)]),
  component: NewAchievementPage,
});
