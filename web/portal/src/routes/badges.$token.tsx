import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { BadgePage } from "../features/badges/BadgePage.tsx";
import { words } from "../words.ts";

// The page of a badge that its recipient shows to everybody, guests among them.
export const Route = createFileRoute("/badges/$token")({ loader: () => words.need("badges"), component: Page });

const route = getRouteApi("/badges/$token"); // not Route: its file would come along with the page

function Page() {
  const { token } = route.useParams();
  return <BadgePage key={token} token={token} />;
}
