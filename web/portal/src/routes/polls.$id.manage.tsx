import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import * as v from "valibot";
import { ManagePage } from "../features/polls/ManagePage.tsx";
import { pollQuery } from "../features/polls/queries.ts";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/polls/$id/manage")({
  beforeLoad: requireSession,
  validateSearch: v.object({
    tab: v.optional(v.fallback(v.optional(v.picklist(["questions", "rules", "people", "check", "journal"])), undefined)),
    question: v.optional(v.fallback(v.optional(v.string()), undefined)),
  }),
  loader: ({ context, params }) => context.queries.ensureQueryData(pollQuery(params.id)),
  component: Page,
});

const route = getRouteApi("/polls/$id/manage"); // not Route: its file would come along with the page

function Page() {
  const { tab, question } = route.useSearch();
  return <ManagePage id={route.useParams().id} tab={tab} question={question} />;
}
