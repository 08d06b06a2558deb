import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, getRouteApi, notFound } from "@tanstack/react-router";
import { bindingsQuery, permissionsQuery, rolesQuery } from "../features/manage/queries.ts";
import { RolePage } from "../features/manage/RolePage.tsx";
import { Refused } from "../features/manage/Refused.tsx";
import { requireSession } from "../session.ts";
import { Missing } from "../shell/states.tsx";

export const Route = createFileRoute("/manage/roles/$id")({
  beforeLoad: requireSession,
  loader: async ({ context: { queries }, params }) => {
    const [roles] = await Promise.all([
      queries.ensureQueryData(rolesQuery),
      queries.ensureQueryData(bindingsQuery),
      queries.ensureQueryData(permissionsQuery),
    ]);
    if (!roles.some((r) => String(r.id) === params.id)) throw notFound();
  },
  component: Page,
  errorComponent: ({ error, reset }) => <Refused error={error} permission="portal.roles.read" retry={reset} />,
});

const route = getRouteApi("/manage/roles/$id"); // not Route: its file would come along with the page

function Page() {
  const { id } = route.useParams();
  const { data: roles } = useSuspenseQuery(rolesQuery);
  const role = roles.find((r) => String(r.id) === id);
  return role ? <RolePage key={id} role={role} /> : <Missing />;
}
