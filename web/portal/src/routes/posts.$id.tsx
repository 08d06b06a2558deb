import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import * as v from "valibot";
import { PostPage } from "../features/posts/PostPage.tsx";
import { postQuery } from "../features/posts/queries.ts";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/posts/$id")({
  validateSearch: v.object({ edit: v.optional(v.fallback(v.boolean(), false)) }),
  beforeLoad: requireSession,
  loader: ({ context, params }) => context.queries.ensureQueryData(postQuery(params.id)),
  component: Page,
});

const route = getRouteApi("/posts/$id"); // not Route: its file would come along with the page

function Page() {
  const { id } = route.useParams();
  const { edit = false } = route.useSearch();
  return <PostPage key={id} id={id} edit={edit} />;
}
