import { createFileRoute, getRouteApi } from "@tanstack/react-router";
import { InvitePage } from "../features/onboarding/InvitePage.tsx";
import { words } from "../words.ts";

// Where the mails of approvals and invitations lead, at the address that the former frontend has.
export const Route = createFileRoute("/invite/$token")({ loader: () => words.need("apply", "codes"), component: Page });

const route = getRouteApi("/invite/$token"); // not Route: its file would come along with the page

function Page() {
  const { token } = route.useParams();
  return <InvitePage key={token} token={token} />;
}
