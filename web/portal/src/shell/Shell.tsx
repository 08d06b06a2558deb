import { Link, useLocation } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { IconButton } from "@updspace/ui/Button";
import { FormattedMessage, useIntl } from "react-intl";
import { useSession } from "../session.ts";
import { AccountMenu } from "./AccountMenu.tsx";
import { CreateMenu } from "./CreateMenu.tsx";
import { OfflineBanner } from "./OfflineBanner.tsx";
import { SignInAgain } from "./SignInAgain.tsx";
import { isIn, sections } from "./sections.ts";
import { TenantMenu } from "./TenantMenu.tsx";
import { usePaletteKeys } from "./usePaletteKeys.ts";

const Bell = lazy(async () => ({ default: (await import("./Bell.tsx")).Bell }));
const Palette = lazy(async () => ({ default: (await import("../features/search/Palette.tsx")).Palette }));

/** The frame of every page for a signed-in person. */
export function Shell({ children }: { children: ReactNode }) {
  const intl = useIntl();
  const session = useSession();
  const [searching, setSearching] = useState(false);
  usePaletteKeys(() => setSearching(true));
  const { pathname } = useLocation();
  const entries = sections(session).map((s) => ({ ...s, current: isIn(s, pathname) }));
  const label = intl.formatMessage({ id: "nav.label" });
  return (
    <div className="shell">
      <a className="skip" href="#main">
        <FormattedMessage id="shell.skip" />
      </a>
      <header className="top">
        <TenantMenu session={session} />
        <button type="button" className="search" onClick={() => setSearching(true)}>
          <Search className="i s" aria-hidden="true" />
          <FormattedMessage id="palette.open" />
          <span className="kbd" aria-hidden="true">
            Ctrl K
          </span>
        </button>
        <div className="acts">
          <CreateMenu session={session} />
          <span className="only-phone">
            <IconButton label={intl.formatMessage({ id: "palette.open" })} onPress={() => setSearching(true)}>
              <Search className="i" aria-hidden="true" />
            </IconButton>
          </span>
          <Suspense fallback={<span className="icon-btn" />}>
            <Bell />
          </Suspense>
          <AccountMenu session={session} />
        </div>
      </header>
      <nav className="rail" aria-label={label}>
        {entries.map(({ to, name, icon: Icon, second = false, current }, i) => (
          <RailEntry key={to} to={to} name={intl.formatMessage({ id: name })} line={second && !entries[i - 1]?.second} current={current}>
            <Icon className="i" aria-hidden="true" />
          </RailEntry>
        ))}
      </nav>
      <main className="page" id="main" tabIndex={-1}>
        {children}
      </main>
      <OfflineBanner />
      <nav className="tabbar" aria-label={label}>
        {entries
          .filter((e) => !e.second)
          .map(({ to, name, icon: Icon, current }) => (
            <Link key={to} to={to} activeOptions={{ exact: to === "/" }} {...(current && { "aria-current": "page" as const })}>
              <Icon className="i" aria-hidden="true" />
              <span>{intl.formatMessage({ id: name })}</span>
            </Link>
          ))}
      </nav>
      {searching && (
        <Suspense>
          <Palette open onClose={() => setSearching(false)} session={session} />
        </Suspense>
      )}
      <SignInAgain />
    </div>
  );
}

interface RailEntryProps {
  to: ReturnType<typeof sections>[number]["to"];
  name: string;
  line: boolean;
  current: boolean;
  children: ReactNode;
}

function RailEntry({ to, name, line, current, children }: RailEntryProps) {
  return (
    <>
      {line && <hr />}
      <Link to={to} activeOptions={{ exact: to === "/" }} {...(current && { "aria-current": "page" as const })} aria-label={name}>
        {children}
        <span>{name}</span>
      </Link>
    </>
  );
}
