import { createFileRoute } from "@tanstack/react-router";
import { CategoriesPage } from "../features/achievements/CategoriesPage.tsx";
import { categoriesQuery } from "../features/achievements/queries.ts";
import { may, requireSession, useSession } from "../session.ts";

export const Route = createFileRoute("/achievements/categories")({
  beforeLoad: requireSession,
  loader: ({ context }) => context.queries.ensureQueryData(categoriesQuery),
  component: Page,
});

function Page() {
  return <CategoriesPage manage={may(useSession(), "gamification.achievements.edit")} />;
}
