import { createFileRoute } from "@tanstack/react-router";
import { LookPage } from "../features/manage/LookPage.tsx";
import { tenantQuery } from "../features/manage/queries.ts";
import { requireSession } from "../session.ts";

export const Route = createFileRoute("/manage/look")({
  beforeLoad: requireSession,
  loader: ({ context }) => context.queries.ensureQueryData(tenantQuery),
  component: LookPage,
});
