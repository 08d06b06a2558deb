import { createFileRoute } from "@tanstack/react-router";
import { History } from "../features/history/History.tsx";
import { loginsQuery } from "../features/history/queries.ts";

export const Route = createFileRoute("/account/history")({
  loader: ({ context }) => context.queries.ensureQueryData(loginsQuery),
  component: History,
});
