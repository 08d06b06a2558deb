import { useQuery } from "@tanstack/react-query";
import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { Suspense, lazy } from "react";
import { useIntl } from "react-intl";
import * as v from "valibot";
import { feedKinds } from "../features/feed/kinds.ts";
import { unreadQuery, type FeedItem } from "../features/feed/queries.ts";
import { HomeCover } from "../features/home/HomeCover.tsx";
import { memberFacesQuery, myTeamsQuery, pollInvitesQuery, pollsToDoQuery, queueQuery } from "../features/home/queries.ts";
import { UpNext } from "../features/home/UpNext.tsx";
import { HomeNews, NewsCard, NewsComposer } from "../features/news/parts.ts";
import { isNews } from "../features/news/items.ts";
import { Composer } from "../features/posts/Composer.tsx";
import { PostList } from "../features/posts/PostList.tsx";
import { postPages } from "../features/posts/queries.ts";
import { pagesOptions } from "@updspace/kit/pages.tsx";
import { Choice } from "@updspace/ui/Choice";
import { nextEventsQuery } from "../nextEventsQuery.ts";
import { Arrivals } from "../live/Arrivals.tsx";
import { boot } from "../session.ts";
import { Pending } from "../shell/states.tsx";
import { words } from "../words.ts";

/** The lists in which something arrives. */
const arriving = [["/api/v1/portal/posts"], ["/api/v1/activity/v2/feed"], ["/api/v1/activity/news"]];

/** News are shown whole in the feed. */
const newsOf = (item: FeedItem) => (isNews(item) ? <NewsCard post={item} /> : undefined);

const patience = 200; // milliseconds

const FeedList = lazy(async () => ({ default: (await import("../features/feed/FeedList.tsx")).FeedList }));
const Guest = lazy(async () => ({ default: (await import("../features/guest/GuestPage.tsx")).GuestPage }));

export const Route = createFileRoute("/")({
  validateSearch: v.object({ write: v.optional(v.boolean()), feed: v.fallback(v.optional(v.picklist(feedKinds)), undefined) }),
  loader: async ({ context: { queries } }) => {
    if (!boot.session) return words.need("guest");
    // Each part of the page fills itself. The posts are waited for a moment: when they come beside the scripts, the first picture has them.
    const posts = queries.prefetchInfiniteQuery(pagesOptions(postPages({})));
    void queries.prefetchQuery(unreadQuery);
    void queries.prefetchQuery(queueQuery);
    void queries.prefetchQuery(pollsToDoQuery);
    void queries.prefetchQuery(pollInvitesQuery);
    void queries.prefetchQuery(nextEventsQuery());
    void queries.prefetchQuery(memberFacesQuery);
    void queries.prefetchQuery(myTeamsQuery);
    await Promise.all([words.need("feed"), Promise.race([posts, new Promise((go) => setTimeout(go, patience))])]);
  },
  component: Home,
});

const route = getRouteApi("/"); // not Route: its file would come along with the page

function Home() {
  const intl = useIntl();
  const { write = false, feed } = route.useSearch();
  const navigate = route.useNavigate();
  const unread = useQuery({ ...unreadQuery, enabled: boot.session !== null }).data?.count ?? 0;
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
          <Choice
            label={intl.formatMessage({ id: "feed.show" })}
            value={feed ?? "posts"}
            onChange={(kind) => void navigate({ search: kind === "posts" ? {} : { feed: kind }, replace: true, resetScroll: false })}
            line
            choices={[
              { id: "posts", name: intl.formatMessage({ id: "feed.posts" }) },
              { id: "news", name: intl.formatMessage({ id: "feed.news" }) },
              { id: "all", name: intl.formatMessage({ id: "feed.all" }, { n: unread }) },
              { id: "polls", name: intl.formatMessage({ id: "feed.polls" }) },
              { id: "events", name: intl.formatMessage({ id: "feed.events" }) },
              { id: "badges", name: intl.formatMessage({ id: "feed.badges" }) },
              { id: "people", name: intl.formatMessage({ id: "feed.people" }) },
            ]}
          />
          {feed === "news" ? (
            <Suspense fallback={<Pending />}>
              <NewsComposer />
            </Suspense>
          ) : (
            <Composer open={write} onClose={() => void navigate({ search: {}, replace: true })} />
          )}
          <Arrivals stale={arriving} unread={unreadQuery.queryKey} />
          {feed === undefined ? (
            <PostList filter={{}} />
          ) : (
            <Suspense fallback={<Pending />}>{feed === "news" ? <HomeNews /> : <FeedList kind={feed} whole={newsOf} />}</Suspense>
          )}
        </section>
        <UpNext />
      </div>
    </>
  );
}
