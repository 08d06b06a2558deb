import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { ProfilePage } from "../features/people/ProfilePage.tsx";
import { profileQuery } from "../features/people/queries.ts";
import { PostList } from "../features/posts/PostList.tsx";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/people/$id")({
  beforeLoad: requireSession,
  loader: ({ context, params }) => context.queries.ensureQueryData(profileQuery(params.id)),
  component: Page,
});

const route = getRouteApi("/people/$id"); // not Route: its file would come along with the page

function Page() {
  const { id } = route.useParams();
  return <ProfilePage key={id} id={id} posts={<PostList filter={{ author_id: id }} />} />;
}
