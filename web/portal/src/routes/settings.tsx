import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import * as v from "valibot";
import { myProfileQuery } from "../features/settings/queries.ts";
import { parts } from "../features/settings/parts.ts";
import { SettingsPage } from "../features/settings/SettingsPage.tsx";
import { requireSession } from "../session.ts";
import { words } from "../words.ts";

export const Route = createFileRoute("/settings")({
  validateSearch: v.object({ part: v.optional(v.fallback(v.picklist(parts), "profile")) }),
  beforeLoad: requireSession,
  loader: ({ context }) =>
    Promise.all([context.queries.ensureQueryData(myProfileQuery), words.need("settings", "reminders", "notifications", "codes")]),
  component: Page,
});

const route = getRouteApi("/settings"); // not Route: its file would come along with the page

function Page() {
  const { part = "profile" } = route.useSearch();
  return <SettingsPage part={part} />;
}
