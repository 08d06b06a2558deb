import { createFileRoute, useLocation } from "@tanstack/react-router";
import { ApplicationPage } from "../features/onboarding/ApplicationPage.tsx";
import { ApplyPage } from "../features/onboarding/ApplyPage.tsx";
import { words } from "../words.ts";

// Where guests ask to become members; with a token in the fragment, which no server logs, how their application stands.
export const Route = createFileRoute("/apply")({ loader: () => words.need("apply", "codes"), component: Page });

function Page() {
  const { hash } = useLocation();
  return hash === "" ? <ApplyPage /> : <ApplicationPage key={hash} token={hash} />;
}
