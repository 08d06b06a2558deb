import { createFileRoute } from "@tanstack/react-router";
import { Apps } from "../features/apps/Apps.tsx";
import { appsQuery } from "../features/apps/queries.ts";

export const Route = createFileRoute("/account/apps")({
  loader: ({ context }) => context.queries.ensureQueryData(appsQuery),
  component: Apps,
});
