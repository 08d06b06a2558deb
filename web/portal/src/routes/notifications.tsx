import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { NotificationsPage } from "../features/notifications/NotificationsPage.tsx";
import { notificationsSearch } from "../features/notifications/search.ts";
import { requireSession } from "../session.ts";
import { words } from "../words.ts";

export const Route = createFileRoute("/notifications")({
  beforeLoad: requireSession,
  validateSearch: notificationsSearch,
  loader: () => words.need("notifications"),
  component: Page,
});

const route = getRouteApi("/notifications"); // not Route: its file would come along with the page

function Page() {
  const { view = "all" } = route.useSearch();
  return <NotificationsPage view={view} />;
}
