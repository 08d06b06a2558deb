import { createFileRoute } from "@tanstack/react-router";
import { passkeysQuery, statusQuery } from "../features/security/queries.ts";
import { Security } from "../features/security/Security.tsx";

export const Route = createFileRoute("/account/security")({
  loader: ({ context }) => Promise.all([context.queries.ensureQueryData(statusQuery), context.queries.ensureQueryData(passkeysQuery)]),
  component: Security,
});
