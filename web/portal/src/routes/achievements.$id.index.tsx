import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { AchievementPage } from "../features/achievements/AchievementPage.tsx";
import { achievementQuery } from "../features/achievements/queries.ts";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/achievements/$id/")({
  beforeLoad: requireSession,
  loader: ({ context, params }) => context.queries.ensureQueryData(achievementQuery(params.id)),
  component: Page,
});

const route = getRouteApi("/achievements/$id/"); // not Route: its file would come along with the page

function Page() {
  const { id } = route.useParams();
  return <AchievementPage key={id} id={id} />;
}
