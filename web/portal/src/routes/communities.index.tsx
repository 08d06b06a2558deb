import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { myGroupsQuery } from "@updspace/kit/groups.tsx";
import * as v from "valibot";
import { CommunitiesPage } from "../features/groups/CommunitiesPage.tsx";
import { myInvitesQuery, myRequestsQuery } from "../features/groups/queries.ts";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/communities/")({
  validateSearch: v.object({
    q: v.optional(v.fallback(v.pipe(v.string(), v.maxLength(100)), "")),
    archived: v.optional(v.fallback(v.boolean(), false)),
    found: v.optional(v.fallback(v.boolean(), false)),
  }),
  beforeLoad: requireSession,
  // Together: what waits for an answer stands above one's own.
  loader: async ({ context: { queries } }) => {
    const waiting = [queries.prefetchQuery(myInvitesQuery), queries.prefetchQuery(myRequestsQuery)];
    await Promise.all([queries.ensureQueryData(myGroupsQuery), ...waiting]);
  },
  component: Page,
});

const route = getRouteApi("/communities/"); // not Route: its file would come along with the page

function Page() {
  const { q = "", archived = false, found = false } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <CommunitiesPage
      search={{ q, archived, found }}
      onSearch={(change) =>
        void navigate({
          search: (before) => {
            const next = { ...before, ...change };
            return { ...(next.q && { q: next.q }), ...(next.archived && { archived: true }), ...(next.found && { found: true }) };
          },
          replace: true,
        })
      }
    />
  );
}
