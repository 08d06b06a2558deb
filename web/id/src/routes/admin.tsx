import { createFileRoute, notFound, Outlet, redirect } from "@tanstack/react-router";
import { boot, signInAddress } from "../boot.ts";
import { AdminShell } from "../shell/AdminShell.tsx";
import { words } from "../words.ts";

export const Route = createFileRoute("/admin")({
  beforeLoad: () => {
    // The server does it first, except in a page that was kept by the browser.
    if (!boot.account) throw redirect({ href: signInAddress(), reloadDocument: true, replace: true });
    if (!boot.account.is_superuser) throw notFound();
  },
  loader: () => words.need("admin"),
  component: Page,
});

function Page() {
  return (
    <AdminShell>
      <Outlet />
    </AdminShell>
  );
}
