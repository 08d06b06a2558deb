import { createFileRoute } from "@tanstack/react-router";
import { MembersPage } from "../features/manage/MembersPage.tsx";
import { bindingsQuery } from "../features/manage/queries.ts";
import { Refused } from "../features/manage/Refused.tsx";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/manage/members")({
  beforeLoad: requireSession,
  loader: ({ context }) => context.queries.ensureQueryData(bindingsQuery),
  component: MembersPage,
  errorComponent: ({ error, reset }) => <Refused error={error} permission="portal.roles.read" retry={reset} />,
});
