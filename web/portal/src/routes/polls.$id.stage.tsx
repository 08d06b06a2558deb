import { createFileRoute, getRouteApi, redirect } from "@tanstack/react-router";
import * as v from "valibot";
import { pollQuery, resultsQuery } from "../features/polls/queries.ts";
import { StagePage } from "../features/polls/StagePage.tsx";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/polls/$id/stage")({
  beforeLoad: requireSession,
  staticData: { bare: true },
  validateSearch: v.object({ q: v.optional(v.fallback(v.pipe(v.number(), v.integer(), v.minValue(1)), 1)) }),
  loader: async ({ context, params }) => {
    const { meta } = await context.queries.ensureQueryData(pollQuery(params.id));
    if (!meta.can_read_results) throw redirect({ to: "/polls/$id/results", params }); // which says why
    await context.queries.ensureQueryData(resultsQuery(params.id));
  },
  component: Page,
});

const route = getRouteApi("/polls/$id/stage"); // not Route: its file would come along with the page

function Page() {
  return <StagePage id={route.useParams().id} at={route.useSearch().q ?? 1} />;
}
