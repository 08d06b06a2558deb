import { Link, useLocation, useRouter } from "@tanstack/react-router";
import { AppWindow, ArrowLeft, EyeOff, History as HistoryIcon, Link2, MonitorSmartphone, ShieldCheck, UserRound } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Flag } from "@updspace/ui/Flag";
import { RouterProvider } from "@updspace/ui/Router";
import { Toasts } from "@updspace/ui/Toast";
import { identity, isSignedOut } from "../api.ts";
import { boot } from "../boot.ts";
import { AccountMenu } from "./AccountMenu.tsx";
import styles from "./AccountShell.module.css";
import { Mark } from "./Mark.tsx";

const entries = [
  { to: "/account", name: "nav.profile", icon: UserRound },
  { to: "/account/security", name: "nav.security", icon: ShieldCheck },
  { to: "/account/sessions", name: "nav.sessions", icon: MonitorSmartphone },
  { to: "/account/history", name: "nav.history", icon: HistoryIcon },
  { to: "/account/connections", name: "nav.connections", icon: Link2 },
  { to: "/account/privacy", name: "nav.privacy", icon: EyeOff },
  { to: "/account/apps", name: "nav.apps", icon: AppWindow },
] as const;

/** The frame of the account's pages. */
export function AccountShell({ children }: { children: ReactNode }) {
  const intl = useIntl();
  const router = useRouter();
  const signOut = useAction({
    run: (_: void, headers) =>
      ok(identity.POST("/api/v1/auth/logout", { headers })).catch((e: unknown) => {
        if (!isSignedOut(e)) throw e; // it was over already
      }),
    onDone: () => location.assign("/signed-out"),
  });
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    // On a phone the entries are a row, which may be wider than the page.
    const links = [...(nav.current?.querySelectorAll("a") ?? [])];
    links.find((a) => a.pathname === pathname)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [pathname]);
  return (
    <RouterProvider navigate={(href) => void router.navigate({ href })}>
      <a className="skip" href="#main">
        <FormattedMessage id="shell.skip" />
      </a>
      <header className={styles.top}>
        <div>
          <Mark className={styles.mark} />
          UpdSpace ID
          <div className={styles.end}>
            <WayBack />
            <AccountMenu onSignOut={() => signOut.start()} />
          </div>
        </div>
      </header>
      <div className={styles.wrap}>
        <nav ref={nav} className={styles.nav} aria-label={intl.formatMessage({ id: "nav.label" })}>
          {entries.map(({ to, name, icon: Icon }) => (
            <Link key={to} to={to} activeOptions={{ exact: true, includeSearch: false }} activeProps={{ "aria-current": "page" }}>
              <Icon className="i" aria-hidden="true" />
              <FormattedMessage id={name} />
            </Link>
          ))}
        </nav>
        <main className="vstack l" id="main" tabIndex={-1}>
          <ActionError error={signOut.error} />
          {children}
        </main>
      </div>
      <Toasts label={intl.formatMessage({ id: "toast.region" })} closeLabel={intl.formatMessage({ id: "action.close" })} />
    </RouterProvider>
  );
}

/** The community that sent the person here. */
function WayBack() {
  const intl = useIntl();
  const { back } = boot.forms;
  if (!back) return null;
  const { tenant, url } = back;
  return (
    <a className={styles.back} href={url} aria-label={intl.formatMessage({ id: "account.back" }, { name: tenant.name })}>
      <ArrowLeft className="i s" aria-hidden="true" />
      <Flag id={tenant.id} of="tenant" size="s" src={tenant.logo_url} colours={tenant} />
      <span dir="auto">{tenant.name}</span>
    </a>
  );
}
