import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { NewsListPage } from "../features/news/NewsListPage.tsx";
import { newsSearch } from "../features/news/search.ts";
import { requireSession } from "../session.ts";
import { words } from "../words.ts";

export const Route = createFileRoute("/news/")({
  beforeLoad: requireSession,
  validateSearch: newsSearch,
  loader: () => words.need("news"),
  component: Page,
});

const route = getRouteApi("/news/"); // not Route: its file would come along with the page

function Page() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return <NewsListPage search={search} onSearch={(next) => void navigate({ search: next, replace: true, resetScroll: false })} />;
}
