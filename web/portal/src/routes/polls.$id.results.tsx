import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import * as v from "valibot";
import { pollQuery, resultsQuery } from "../features/polls/queries.ts";
import { ResultsPage } from "../features/polls/ResultsPage.tsx";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/polls/$id/results")({
  beforeLoad: requireSession,
  validateSearch: v.object({ q: v.optional(v.fallback(v.pipe(v.number(), v.integer(), v.minValue(1)), 1)) }),
  loader: async ({ context, params }) => {
    const { meta } = await context.queries.ensureQueryData(pollQuery(params.id));
    if (meta.can_read_results) await context.queries.prefetchQuery(resultsQuery(params.id));
  },
  component: Page,
});

const route = getRouteApi("/polls/$id/results"); // not Route: its file would come along with the page

function Page() {
  return <ResultsPage id={route.useParams().id} at={route.useSearch().q ?? 1} />;
}
