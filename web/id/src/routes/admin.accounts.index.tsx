import { createFileRoute } from "@tanstack/react-router";
import { pagesOptions } from "@updspace/kit/pages.tsx";
import { Accounts } from "../features/admin/accounts/Accounts.tsx";
import { accountPages } from "../features/admin/accounts/queries.ts";
import { accountSearch } from "../features/admin/accounts/search.ts";

export const Route = createFileRoute("/admin/accounts/")({
  validateSearch: accountSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => context.queries.ensureInfiniteQueryData(pagesOptions(accountPages(deps))),
  component: Page,
});

function Page() {
  return <Accounts search={Route.useSearch()} />;
}
