import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { Showcase } from "../features/achievements/Showcase.tsx";
import { ProfilePage } from "../features/people/ProfilePage.tsx";
import { profileQuery } from "../features/people/queries.ts";
import { Standing } from "../features/points/Standing.tsx";
import { mineQuery, pointsOfQuery } from "../features/points/queries.ts";
import { PostList } from "../features/posts/PostList.tsx";
import { boot, requireSession } from "../session.ts";
import { words } from "../words.ts";

export const Route = createFileRoute("/people/$id")({
  beforeLoad: requireSession,
  loader: ({ context: { queries }, params }) => {
    return Promise.all([
      queries.ensureQueryData(profileQuery(params.id)),
      params.id === boot.session?.user.id ? queries.prefetchQuery(mineQuery) : queries.prefetchQuery(pointsOfQuery(params.id)), // the page does not move when it comes
      words.need("achievements", "points"),
    ]);
  },
  component: Page,
});

const route = getRouteApi("/people/$id"); // not Route: its file would come along with the page

function Page() {
  const { id } = route.useParams();
  const patches = (
    <>
      <Standing id={id} />
      <Showcase id={id} />
    </>
  );
  return <ProfilePage key={id} id={id} patches={patches} posts={<PostList filter={{ author_id: id }} />} />;
}
