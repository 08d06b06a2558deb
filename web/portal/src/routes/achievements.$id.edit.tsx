import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { EditAchievementPage } from "../features/achievements/EditAchievementPage.tsx";
import { achievementQuery, categoriesQuery } from "../features/achievements/queries.ts";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/achievements/$id/edit")({
  beforeLoad: requireSession,
  loader: ({ context, params }) =>
    Promise.all([context.queries.ensureQueryData(achievementQuery(params.id)), context.queries.ensureQueryData(categoriesQuery)]),
  component: Page,
});

const route = getRouteApi("/achievements/$id/edit"); // not Route: its file would come along with the page

function Page() {
  const { id } = route.useParams();
  return <EditAchievementPage key={id} id={id} />;
}
