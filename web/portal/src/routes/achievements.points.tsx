import { createFileRoute } from "@tanstack/react-router";
import { PointsPage } from "../features/points/PointsPage.tsx";
import { levelsQuery, seasonsQuery } from "../features/points/queries.ts";
import { may, requireSession, useSession } from "../session.ts";
import { words } from "../words.ts";

export const Route = createFileRoute("/achievements/points")({
  beforeLoad: requireSession,
  loader: ({ context: { queries } }) =>
    Promise.all([words.need("points"), queries.ensureQueryData(levelsQuery), queries.ensureQueryData(seasonsQuery)]),
  component: Page,
});

function Page() {
  return <PointsPage manage={may(useSession(), "gamification.points.manage")} />;
}
