import { AppWindow, EyeOff, History as HistoryIcon, Link2, MonitorSmartphone, ShieldCheck, UserRound } from "lucide-react";
import type { ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { DeletionNotice } from "../features/privacy/DeletionSection.tsx";
import { Shell } from "./Shell.tsx";

const entries = [
  { to: "/account", name: <FormattedMessage id="nav.profile" />, icon: UserRound },
  { to: "/account/security", name: <FormattedMessage id="nav.security" />, icon: ShieldCheck },
  { to: "/account/sessions", name: <FormattedMessage id="nav.sessions" />, icon: MonitorSmartphone },
  { to: "/account/history", name: <FormattedMessage id="nav.history" />, icon: HistoryIcon },
  { to: "/account/connections", name: <FormattedMessage id="nav.connections" />, icon: Link2 },
  { to: "/account/privacy", name: <FormattedMessage id="nav.privacy" />, icon: EyeOff },
  { to: "/account/apps", name: <FormattedMessage id="nav.apps" />, icon: AppWindow },
] as const;

/** The frame of the account's pages. */
export function AccountShell({ children }: { children: ReactNode }) {
  const intl = useIntl();
  return (
    <Shell title="UpdSpace ID" label={intl.formatMessage({ id: "nav.label" })} entries={entries}>
      <DeletionNotice />
      {children}
    </Shell>
  );
}
