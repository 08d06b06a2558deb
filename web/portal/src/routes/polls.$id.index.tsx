import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import * as v from "valibot";
import { PollPage } from "../features/polls/PollPage.tsx";
import { pollQuery } from "../features/polls/queries.ts";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/polls/$id/")({
  beforeLoad: requireSession,
  validateSearch: v.object({ cast: v.optional(v.fallback(v.boolean(), false)) }),
  loader: ({ context, params }) => context.queries.ensureQueryData(pollQuery(params.id)),
  component: Page,
});

const route = getRouteApi("/polls/$id/"); // not Route: its file would come along with the page

function Page() {
  return <PollPage id={route.useParams().id} cast={route.useSearch().cast ?? false} />;
}
