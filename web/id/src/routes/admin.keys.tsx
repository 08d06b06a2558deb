import { createFileRoute } from "@tanstack/react-router";
import { KeysPage } from "../features/admin/keys/KeysPage.tsx";
import { keysQuery } from "../features/admin/keys/queries.ts";

export const Route = createFileRoute("/admin/keys")({
  loader: ({ context }) => context.queries.ensureQueryData(keysQuery),
  component: KeysPage,
});
