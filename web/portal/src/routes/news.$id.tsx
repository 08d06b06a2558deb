import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import * as v from "valibot";
import { NewsPage } from "../features/news/NewsPage.tsx";
import { newsQuery } from "../features/news/queries.ts";
import { requireSession } from "../session.ts";
import { words } from "../words.ts";

export const Route = createFileRoute("/news/$id")({
  validateSearch: v.object({ edit: v.optional(v.fallback(v.boolean(), false)) }),
  beforeLoad: requireSession,
  loader: ({ context, params }) => Promise.all([context.queries.ensureQueryData(newsQuery(params.id)), words.need("news")]),
  component: Page,
});

const route = getRouteApi("/news/$id"); // not Route: its file would come along with the page

function Page() {
  const { id } = route.useParams();
  const { edit = false } = route.useSearch();
  return <NewsPage key={id} id={id} edit={edit} />;
}
