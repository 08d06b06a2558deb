import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { Suspense, lazy } from "react";
import { useIntl } from "react-intl";
import * as v from "valibot";
import { HomeCover } from "../features/home/HomeCover.tsx";
import { memberFacesQuery, myTeamsQuery, pollInvitesQuery, pollsToDoQuery, queueQuery } from "../features/home/queries.ts";
import { UpNext } from "../features/home/UpNext.tsx";
import { Composer } from "../features/posts/Composer.tsx";
import { PostList } from "../features/posts/PostList.tsx";
import { postPages } from "../features/posts/queries.ts";
import { pagesOptions } from "@updspace/kit/pages.tsx";
import { nextEventsQuery } from "../nextEventsQuery.ts";
import { boot } from "../session.ts";
import { Pending } from "../shell/states.tsx";

const patience = 200; // milliseconds

const Guest = lazy(async () => ({ default: (await import("../features/guest/GuestPage.tsx")).GuestPage }));

export const Route = createFileRoute("/")({
  validateSearch: v.object({ write: v.optional(v.boolean()) }),
  loader: async ({ context: { queries } }) => {
    if (!boot.session) return;
    // Each part of the page fills itself. The posts are waited for a moment: when they come beside the scripts, the first picture has them.
    const posts = queries.prefetchInfiniteQuery(pagesOptions(postPages({})));
    void queries.prefetchQuery(queueQuery);
    void queries.prefetchQuery(pollsToDoQuery);
    void queries.prefetchQuery(pollInvitesQuery);
    void queries.prefetchQuery(nextEventsQuery());
    void queries.prefetchQuery(memberFacesQuery);
    void queries.prefetchQuery(myTeamsQuery);
    await Promise.race([posts, new Promise((go) => setTimeout(go, patience))]);
  },
  component: Home,
});

const route = getRouteApi("/"); // not Route: its file would come along with the page

function Home() {
  const intl = useIntl();
  const { write = false } = route.useSearch();
  const navigate = route.useNavigate();
  if (!boot.session) {
    return (
      <Suspense fallback={<Pending />}>
        <Guest />
      </Suspense>
    );
  }
  return (
    <>
      <HomeCover />
      <div className="with-side">
        <section className="vstack" aria-labelledby="feed">
          <h2 id="feed" className="vh">
            {intl.formatMessage({ id: "home.feed" })}
          </h2>
          <Composer open={write} onClose={() => void navigate({ search: {}, replace: true })} />
          <PostList filter={{}} />
        </section>
        <UpNext />
      </div>
    </>
  );
}
