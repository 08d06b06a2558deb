import { createFileRoute, Outlet, redirect, retainSearchParams } from "@tanstack/react-router";
import { boot, signInAddress } from "../boot.ts";
import { AccountShell } from "../shell/AccountShell.tsx";

export const Route = createFileRoute("/account")({
  // The community that sent the person here, by its slug: the way back stands on each page of the account.
  validateSearch: ({ from }: Record<string, unknown>): { from?: string } => (typeof from === "string" ? { from } : {}),
  search: { middlewares: [retainSearchParams(["from"])] },
  beforeLoad: () => {
    // The server does it first, except in a page that was kept by the browser.
    if (!boot.account) throw redirect({ href: signInAddress(), reloadDocument: true, replace: true });
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
