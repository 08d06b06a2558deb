import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import * as v from "valibot";
import { InvitationsPage } from "../features/manage/InvitationsPage.tsx";
import { invitationStatuses } from "../features/manage/parts.ts";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/manage/invitations")({
  validateSearch: v.object({ status: v.optional(v.fallback(v.picklist(invitationStatuses), "sent")) }),
  beforeLoad: requireSession,
  component: Page,
});

const route = getRouteApi("/manage/invitations"); // not Route: its file would come along with the page

function Page() {
  const { status = "sent" } = route.useSearch();
  return <InvitationsPage status={status} />;
}
