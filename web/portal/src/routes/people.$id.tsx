import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { Showcase } from "../features/achievements/Showcase.tsx";
import { ProfilePage } from "../features/people/ProfilePage.tsx";
import { profileQuery } from "../features/people/queries.ts";
import { PostList } from "../features/posts/PostList.tsx";
import { requireSession } from "../session.ts";
import { words } from "../words.ts";

export const Route = createFileRoute("/people/$id")({
  beforeLoad: requireSession,
  loader: ({ context, params }) => Promise.all([context.queries.ensureQueryData(profileQuery(params.id)), words.need("achievements")]),
  component: Page,
});

const route = getRouteApi("/people/$id"); // not Route: its file would come along with the page

function Page() {
  const { id } = route.useParams();
  return <ProfilePage key={id} id={id} patches={<Showcase id={id} />} posts={<PostList filter={{ author_id: id }} />} />;
}
