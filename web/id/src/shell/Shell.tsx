import { Link, useLocation, useRouter } from "@tanstack/react-router";
import { ArrowLeft, type LucideIcon } from "lucide-react";
import { useEffect, useRef, type ComponentProps, type ReactNode } from "react";
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
import styles from "./Shell.module.css";
import { Mark } from "./Mark.tsx";

interface Entry {
  to: NonNullable<ComponentProps<typeof Link>["to"]>;
  name: ReactNode;
  icon: LucideIcon;
  /** The entry is also that of the pages below it. */
  below?: boolean;
}

interface ShellProps {
  /** What stands beside the mark. */
  title: string;
  /** What the entries are of. */
  label: string;
  entries: readonly Entry[];
  children: ReactNode;
}

/** The frame of the pages behind a sign-in: those of the account, and the administration. */
export function Shell({ title, label, entries, children }: ShellProps) {
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
          {title}
          <div className={styles.end}>
            <WayBack />
            <AccountMenu onSignOut={() => signOut.start()} />
          </div>
        </div>
      </header>
      <div className={styles.wrap}>
        <nav ref={nav} className={styles.nav} aria-label={label}>
          {entries.map(({ to, name, icon: Icon, below = false }) => (
            <Link key={to} to={to} activeOptions={{ exact: !below, includeSearch: false }} activeProps={{ "aria-current": "page" }}>
              <Icon className="i" aria-hidden="true" />
              {name}
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
