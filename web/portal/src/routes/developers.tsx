import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import * as v from "valibot";
import { DevelopersPage } from "../features/developers/DevelopersPage.tsx";
import { parts } from "../features/developers/parts.ts";
import { words } from "../words.ts";

export const Route = createFileRoute("/developers")({
  validateSearch: v.object({ part: v.optional(v.fallback(v.picklist(parts), "clients")) }),
  loader: () => words.need("developers", "rights", "codes"),
  component: Page,
});

const route = getRouteApi("/developers"); // not Route: its file would come along with the page

function Page() {
  const { part = "clients" } = route.useSearch();
  return <DevelopersPage part={part} />;
}
