import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import * as v from "valibot";
import { AccessPage } from "../features/manage/AccessPage.tsx";
import { accessTabs } from "../features/manage/parts.ts";
import { bindingsQuery, permissionsQuery, rolesQuery } from "../features/manage/queries.ts";
import { Refused } from "../features/manage/Refused.tsx";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/manage/access")({
  validateSearch: v.object({
    tab: v.optional(v.fallback(v.picklist(accessTabs), "decision")),
    user: v.optional(v.string()),
    permission: v.optional(v.string()),
  }),
  beforeLoad: requireSession,
  loader: ({ context: { queries } }) =>
    Promise.all([queries.ensureQueryData(rolesQuery), queries.ensureQueryData(bindingsQuery), queries.ensureQueryData(permissionsQuery)]),
  component: Page,
  errorComponent: ({ error, reset }) => <Refused error={error} permission="portal.roles.read" retry={reset} />,
});

const route = getRouteApi("/manage/access"); // not Route: its file would come along with the page

function Page() {
  const { tab = "decision", user, permission } = route.useSearch();
  return <AccessPage tab={tab} user={user} permission={permission} />;
}
