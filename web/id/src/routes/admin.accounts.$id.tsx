import { createFileRoute } from "@tanstack/react-router";
import { AccountPage } from "../features/admin/accounts/AccountPage.tsx";
import { accountQuery } from "../features/admin/accounts/queries.ts";

export const Route = createFileRoute("/admin/accounts/$id")({
  loader: ({ context, params }) => context.queries.ensureQueryData(accountQuery(params.id)),
  component: Page,
});

function Page() {
  return <AccountPage id={Route.useParams().id} />;
}
