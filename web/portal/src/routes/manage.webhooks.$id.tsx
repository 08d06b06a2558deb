import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { WebhookPage } from "../features/manage/WebhookPage.tsx";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/manage/webhooks/$id")({ beforeLoad: requireSession, component: Page });

const route = getRouteApi("/manage/webhooks/$id"); // not Route: its file would come along with the page

function Page() {
  const { id } = route.useParams();
  return <WebhookPage key={id} id={id} />;
}
