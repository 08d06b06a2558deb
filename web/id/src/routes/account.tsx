import { createFileRoute, Outlet } from "@tanstack/react-router";
import { boot, signInAddress } from "../boot.ts";
import { AccountShell } from "../shell/AccountShell.tsx";

export const Route = createFileRoute("/account")({
  beforeLoad: () => {
    if (boot.account) return;
    location.replace(signInAddress()); // the server does it first, except in a page that was kept by the browser
    throw new Error("signing in");
  },
  component: Page,
});

function Page() {
  return (
    <AccountShell>
      <Outlet />
    </AccountShell>
  );
}
