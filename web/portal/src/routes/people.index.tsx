import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { communitiesQuery } from "@updspace/kit/groups.tsx";
import { pagesOptions } from "@updspace/kit/pages.tsx";
import * as v from "valibot";
import { PeoplePage } from "../features/people/PeoplePage.tsx";
import { peoplePages } from "../features/people/queries.ts";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/people/")({
  validateSearch: v.object({
    q: v.optional(v.fallback(v.pipe(v.string(), v.maxLength(128)), "")),
    community: v.optional(v.fallback(v.union([v.literal(""), v.pipe(v.string(), v.uuid())]), "")),
  }),
  beforeLoad: requireSession,
  // Together, or the choice of a community would push the people down.
  loader: async ({ context: { queries }, location }) => {
    const people = location.searchStr === "" && queries.prefetchInfiniteQuery(pagesOptions(peoplePages({ q: "" })));
    await Promise.all([people, queries.prefetchQuery(communitiesQuery)]);
  },
  component: Page,
});

const route = getRouteApi("/people/"); // not Route: its file would come along with the page

function Page() {
  const { q = "", community = "" } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <PeoplePage
      search={{ q, community }}
      onSearch={(change) =>
        void navigate({
          search: (before) => {
            const next = { ...before, ...change };
            return { ...(next.q && { q: next.q }), ...(next.community && { community: next.community }) };
          },
          replace: true,
        })
      }
    />
  );
}
