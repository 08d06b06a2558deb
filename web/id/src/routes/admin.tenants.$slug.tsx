import { createFileRoute } from "@tanstack/react-router";
import { tenantQuery } from "../features/admin/tenants/queries.ts";
import { TenantPage } from "../features/admin/tenants/TenantPage.tsx";

export const Route = createFileRoute("/admin/tenants/$slug")({
  loader: ({ context, params }) => context.queries.ensureQueryData(tenantQuery(params.slug)),
  component: Page,
});

function Page() {
  return <TenantPage slug={Route.useParams().slug} />;
}
