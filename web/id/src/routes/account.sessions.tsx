import { createFileRoute } from "@tanstack/react-router";
import { Sessions } from "../features/sessions/Sessions.tsx";
import { sessionsQuery } from "../features/sessions/queries.ts";

export const Route = createFileRoute("/account/sessions")({
  loader: ({ context }) => context.queries.ensureQueryData(sessionsQuery),
  component: Sessions,
});
