import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import * as v from "valibot";
import { NewPollPage } from "../features/polls/NewPollPage.tsx";
import { templatesQuery } from "../features/polls/queries.ts";
import { requireSession } from "../session.ts";

const id = v.optional(v.fallback(v.optional(v.string()), undefined));

export const Route = createFileRoute("/polls/new")({
  beforeLoad: requireSession,
  validateSearch: v.object({ community: id, team: id }),
  loader: ({ context }) => context.queries.ensureQueryData(templatesQuery),
  component: Page,
});

const route = getRouteApi("/polls/new"); // not Route: its file would come along with the page

function Page() {
  const { community, team } = route.useSearch();
  return <NewPollPage scope={team ?? community} />;
}
