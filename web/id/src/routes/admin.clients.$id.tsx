import { createFileRoute } from "@tanstack/react-router";
import { ClientPage } from "../features/admin/clients/ClientPage.tsx";
import { clientQuery } from "../features/admin/clients/queries.ts";

export const Route = createFileRoute("/admin/clients/$id")({
  loader: ({ context, params }) => context.queries.ensureQueryData(clientQuery(params.id)),
  component: Page,
});

function Page() {
  return <ClientPage id={Route.useParams().id} />;
}
