import { createFileRoute } from "@tanstack/react-router";
import { myGroupsQuery } from "@updspace/kit/groups.tsx";
import { ImportPage } from "../features/events/ImportPage.tsx";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/events/import")({
  beforeLoad: requireSession,
  loader: ({ context }) => context.queries.ensureQueryData(myGroupsQuery),
  component: ImportPage,
});
