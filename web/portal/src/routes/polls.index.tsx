import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import * as v from "valibot";
import { filterOf } from "../features/polls/filter.ts";
import { PollsPage } from "../features/polls/PollsPage.tsx";
import { myInvitesQuery, totalsQuery } from "../features/polls/queries.ts";
import { useMayCreate } from "../creating.ts";
import { maybe, maybeId } from "../searchParams.ts";
import { requireSession } from "../session.ts";

const search = v.object({
  phase: maybe(v.picklist(["open", "scheduled", "closed", "draft"])),
  q: maybe(v.string()),
  community: maybeId,
  team: maybeId,
});

export const Route = createFileRoute("/polls/")({
  beforeLoad: requireSession,
  validateSearch: search,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) =>
    Promise.all([context.queries.ensureQueryData(totalsQuery(filterOf(deps))), context.queries.prefetchQuery(myInvitesQuery)]),
  component: Page,
});

const route = getRouteApi("/polls/"); // not Route: its file would come along with the page

function Page() {
  return <PollsPage search={route.useSearch()} mayCreate={useMayCreate("voting.poll.create")} />;
}
