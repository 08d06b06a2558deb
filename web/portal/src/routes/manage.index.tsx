import { createFileRoute } from "@tanstack/react-router";
import { beginningsQuery } from "../features/manage/firstDay.ts";
import { ManagePage } from "../features/manage/ManagePage.tsx";
import { communitiesQuery, queueQuery, tenantQuery } from "../features/manage/queries.ts";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/manage/")({
  beforeLoad: requireSession,
  // What the head of the page is made of. What cannot be read is left out there.
  loader: ({ context: { queries } }) =>
    Promise.allSettled([
      queries.ensureQueryData(tenantQuery),
      queries.ensureQueryData(communitiesQuery),
      queries.ensureQueryData(beginningsQuery),
      queries.ensureQueryData(queueQuery),
    ]),
  component: ManagePage,
});
