import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { RoleSyncPage } from "../features/manage/RoleSyncPage.tsx";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/manage/sources/$id")({ beforeLoad: requireSession, component: Page });

const route = getRouteApi("/manage/sources/$id"); // not Route: its file would come along with the page

function Page() {
  const { id } = route.useParams();
  return <RoleSyncPage key={id} id={Number(id)} />;
}
