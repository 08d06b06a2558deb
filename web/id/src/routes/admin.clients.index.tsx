import { createFileRoute } from "@tanstack/react-router";
import { pagesOptions } from "@updspace/kit/pages.tsx";
import { Clients } from "../features/admin/clients/Clients.tsx";
import { clientPages } from "../features/admin/clients/queries.ts";
import { searchText } from "../features/admin/searchText.ts";

export const Route = createFileRoute("/admin/clients/")({
  validateSearch: searchText,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps: { q } }) => context.queries.ensureInfiniteQueryData(pagesOptions(clientPages(q))),
  component: Page,
});

function Page() {
  return <Clients q={Route.useSearch().q} />;
}
