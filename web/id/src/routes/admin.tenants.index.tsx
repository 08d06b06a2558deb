import { createFileRoute } from "@tanstack/react-router";
import { pagesOptions } from "@updspace/kit/pages.tsx";
import { tenantPages, tenantSearch } from "../features/admin/tenants/queries.ts";
import { Tenants } from "../features/admin/tenants/Tenants.tsx";

export const Route = createFileRoute("/admin/tenants/")({
  validateSearch: tenantSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => context.queries.ensureInfiniteQueryData(pagesOptions(tenantPages(deps))),
  component: Page,
});

function Page() {
  return <Tenants search={Route.useSearch()} />;
}
