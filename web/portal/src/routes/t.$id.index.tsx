import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { groupQuery } from "@updspace/kit/groups.tsx";
import * as v from "valibot";
import { GroupPage } from "../features/groups/GroupPage.tsx";
import { GroupPosts } from "../features/posts/GroupPosts.tsx";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/t/$id/")({
  validateSearch: v.object({ tab: v.optional(v.fallback(v.picklist(["posts", "members", "about"]), "posts")) }),
  beforeLoad: requireSession,
  loader: ({ context, params }) => context.queries.ensureQueryData(groupQuery(params.id)),
  component: Page,
});

const route = getRouteApi("/t/$id/"); // not Route: its file would come along with the page

function Page() {
  const { id } = route.useParams();
  const { tab = "posts" } = route.useSearch();
  return <GroupPage key={id} id={id} tab={tab} posts={<GroupPosts id={id} />} />;
}
