import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import * as v from "valibot";
import { ApplicationsPage } from "../features/manage/ApplicationsPage.tsx";
import { applicationStatuses } from "../features/manage/parts.ts";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/manage/applications")({
  validateSearch: v.object({ status: v.optional(v.fallback(v.picklist(applicationStatuses), "pending")) }),
  beforeLoad: requireSession,
  component: Page,
});

const route = getRouteApi("/manage/applications"); // not Route: its file would come along with the page

function Page() {
  const { status = "pending" } = route.useSearch();
  return <ApplicationsPage status={status} />;
}
