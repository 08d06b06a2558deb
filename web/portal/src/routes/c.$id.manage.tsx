import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { groupQuery } from "@updspace/kit/groups.tsx";
import * as v from "valibot";
import { ManagePage } from "../features/groups/ManagePage.tsx";
import { manageParts } from "../features/groups/parts.ts";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/c/$id/manage")({
  validateSearch: v.object({ part: v.optional(v.fallback(v.optional(v.picklist(manageParts)), undefined)) }),
  beforeLoad: requireSession,
  loader: ({ context, params }) => context.queries.ensureQueryData(groupQuery(params.id)),
  component: Page,
});

const route = getRouteApi("/c/$id/manage"); // not Route: its file would come along with the page

function Page() {
  const { id } = route.useParams();
  const { part } = route.useSearch();
  return <ManagePage key={id} id={id} part={part} />;
}
