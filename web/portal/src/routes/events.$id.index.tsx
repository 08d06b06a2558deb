import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import * as v from "valibot";
import { keepCode } from "../features/events/checkInCode.ts";
import { EventPage } from "../features/events/EventPage.tsx";
import { eventQuery } from "../features/events/queries.ts";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/events/$id/")({
  beforeLoad: ({ location: { pathname, searchStr, hash } }) => {
    keepCode(pathname + searchStr, hash);
    return requireSession();
  },
  validateSearch: v.object({ on: v.optional(v.fallback(v.optional(v.pipe(v.string(), v.uuid())), undefined)) }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) => context.queries.ensureQueryData(eventQuery(params.id, deps.on)),
  component: Page,
});

const route = getRouteApi("/events/$id/"); // not Route: its file would come along with the page

function Page() {
  const { id } = route.useParams();
  const { on } = route.useSearch();
  return <EventPage key={`${id} ${on}`} id={id} on={on} />;
}
