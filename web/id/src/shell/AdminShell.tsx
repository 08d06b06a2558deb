import { AppWindow, Castle, KeyRound, UsersRound } from "lucide-react";
import type { ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Shell } from "./Shell.tsx";

/** A part of the administration is one line here; its words are those of the part admin. */
const entries = [
  { to: "/admin/accounts", name: <FormattedMessage id="admin.accounts" />, icon: UsersRound, below: true },
  { to: "/admin/tenants", name: <FormattedMessage id="admin.tenants" />, icon: Castle, below: true },
  { to: "/admin/clients", name: <FormattedMessage id="admin.clients" />, icon: AppWindow, below: true },
  { to: "/admin/keys", name: <FormattedMessage id="admin.keys" />, icon: KeyRound, below: false },
] as const;

/** The frame of the pages of system administrators. */
export function AdminShell({ children }: { children: ReactNode }) {
  const intl = useIntl();
  return (
    <Shell title={intl.formatMessage({ id: "nav.admin" })} label={intl.formatMessage({ id: "admin.nav" })} entries={entries}>
      {children}
    </Shell>
  );
}
