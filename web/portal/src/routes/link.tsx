import { createFileRoute, useLocation } from "@tanstack/react-router";
import { LinkPage } from "../features/signin/LinkPage.tsx";
import { readLink } from "../features/signin/queries.ts";

// Where the links of mails lead, with the code in the fragment.
export const Route = createFileRoute("/link")({ component: Page });

function Page() {
  const { hash } = useLocation();
  return <LinkPage key={hash} link={readLink(hash)} />;
}
