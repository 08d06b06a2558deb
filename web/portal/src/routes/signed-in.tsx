import { createFileRoute } from "@tanstack/react-router";
import { announceSignIn } from "@updspace/kit/reauthentication.ts";
import { PageHead } from "@updspace/ui/PageHead";
import { useEffect } from "react";
import { useIntl } from "react-intl";

export const Route = createFileRoute("/signed-in")({ component: SignedIn });

/** Where a sign-in in a pop-up ends: it tells the window that asked, and closes. */
function SignedIn() {
  const intl = useIntl();
  useEffect(() => {
    announceSignIn();
    window.close();
  }, []);
  return <PageHead title={intl.formatMessage({ id: "again.done" })} sub={intl.formatMessage({ id: "again.close" })} />;
}
