import { createFileRoute } from "@tanstack/react-router";
import { Connections } from "../features/connections/Connections.tsx";
import { identitiesQuery, providersQuery } from "../features/connections/queries.ts";
import { outcomeOf } from "../features/connections/search.ts";

export const Route = createFileRoute("/account/connections")({
  validateSearch: outcomeOf,
  loader: ({ context }) => Promise.all([context.queries.ensureQueryData(providersQuery), context.queries.ensureQueryData(identitiesQuery)]),
  component: Page,
});

function Page() {
  return <Connections outcome={Route.useSearch()} />;
}
