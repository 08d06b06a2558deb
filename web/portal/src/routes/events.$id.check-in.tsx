import { createFileRoute, getRouteApi, redirect } from "@tanstack/react-router";
import * as v from "valibot";
import { CheckInPage } from "../features/events/CheckInPage.tsx";
import { eventQuery } from "../features/events/queries.ts";
import { requireSession } from "../session.ts";

const arrived = location.pathname;

// The server lets no document but that of this page use the camera: from another page it is loaded anew.
export const Route = createFileRoute("/events/$id/check-in")({
  beforeLoad: async ({ location: { pathname, href }, preload }) => {
    await requireSession();
    if (!preload && pathname !== arrived) throw redirect({ href, reloadDocument: true });
  },
  validateSearch: v.object({ on: v.optional(v.fallback(v.optional(v.pipe(v.string(), v.uuid())), undefined)) }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) => context.queries.ensureQueryData(eventQuery(params.id, deps.on)),
  component: Page,
});

const route = getRouteApi("/events/$id/check-in"); // not Route: its file would come along with the page

function Page() {
  const { id } = route.useParams();
  const { on } = route.useSearch();
  return <CheckInPage key={`${id} ${on}`} id={id} on={on} />;
}
