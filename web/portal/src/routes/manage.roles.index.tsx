import { createFileRoute } from "@tanstack/react-router";
import { bindingsQuery, rolesQuery } from "../features/manage/queries.ts";
import { RolesPage } from "../features/manage/RolesPage.tsx";
import { Refused } from "../features/manage/Refused.tsx";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/manage/roles/")({
  beforeLoad: requireSession,
  loader: ({ context: { queries } }) => Promise.all([queries.ensureQueryData(rolesQuery), queries.ensureQueryData(bindingsQuery)]),
  component: RolesPage,
  errorComponent: ({ error, reset }) => <Refused error={error} permission="portal.roles.read" retry={reset} />,
});
