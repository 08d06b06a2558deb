import { createFileRoute, useLocation } from "@tanstack/react-router";
import { InvitationPage } from "../features/events/InvitationPage.tsx";
import { boot } from "../session.ts";
import { words } from "../words.ts";

// Where the links of invitations to an event lead, for guests too. The token is in the fragment, so that no server logs it; after it the
// answer whose link was followed.
export const Route = createFileRoute("/invitation")({ loader: () => words.need("calendar", "guest", "reminders"), component: Page });

function Page() {
  const [token = "", meant = ""] = useLocation().hash.split(".");
  return <InvitationPage key={token} token={token} meant={meant} signedIn={boot.session !== null} />;
}
