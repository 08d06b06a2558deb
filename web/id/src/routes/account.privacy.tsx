import { createFileRoute } from "@tanstack/react-router";
import { Privacy } from "../features/privacy/Privacy.tsx";
import { dataQuery } from "../features/privacy/dataQueries.ts";
import { consentsQuery, privacyQuery } from "../features/privacy/queries.ts";

export const Route = createFileRoute("/account/privacy")({
  loader: ({ context }) =>
    Promise.all([
      context.queries.ensureQueryData(privacyQuery),
      context.queries.ensureQueryData(consentsQuery),
      context.queries.ensureQueryData(dataQuery),
    ]),
  component: Privacy,
});
