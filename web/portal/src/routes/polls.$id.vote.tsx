import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import * as v from "valibot";
import { Ballot } from "../features/polls/Ballot.tsx";
import { myVotesQuery, pollQuery } from "../features/polls/queries.ts";
import { requireSession } from "../session.ts";

const place = v.union([v.literal("review"), v.pipe(v.number(), v.integer(), v.minValue(1))]);

export const Route = createFileRoute("/polls/$id/vote")({
  beforeLoad: requireSession,
  staticData: { bare: true },
  validateSearch: v.object({ q: v.optional(v.fallback(v.optional(place), undefined)) }),
  loader: ({ context, params }) =>
    Promise.all([context.queries.ensureQueryData(pollQuery(params.id)), context.queries.ensureQueryData(myVotesQuery(params.id))]),
  component: Page,
});

const route = getRouteApi("/polls/$id/vote"); // not Route: its file would come along with the page

function Page() {
  return <Ballot id={route.useParams().id} at={route.useSearch().q ?? 1} />;
}
