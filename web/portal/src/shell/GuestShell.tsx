import { useLocation } from "@tanstack/react-router";
import { Globe } from "lucide-react";
import type { ReactNode } from "react";
import { languageNames, useLanguage } from "@updspace/kit/words.tsx";
import { Button } from "@updspace/ui/Button";
import { Flag } from "@updspace/ui/Flag";
import { LinkButton } from "@updspace/ui/LinkButton";
import { FormattedMessage } from "react-intl";
import { boot, signInAddress } from "../session.ts";

/** Pages that offer a link by mail themselves. */
const waysIn = ["/sign-in", "/join", "/link"];

/** The frame of every page for people who are not signed in. */
export function GuestShell({ children }: { children: ReactNode }) {
  const { language, choose } = useLanguage();
  const { pathname } = useLocation();
  const other = language === "ru" ? "en" : "ru";
  return (
    <div className="guest-shell">
      <a className="skip" href="#main">
        <FormattedMessage id="shell.skip" />
      </a>
      <header className="guest-top">
        {boot.tenant && (
          <a className="line strong" href="/">
            <Flag id={boot.tenant.id} of="tenant" src={boot.tenant.logo_url} colours={boot.tenant} />
            <span dir="auto">{boot.tenant.name}</span>
          </a>
        )}
        <div className="btns end">
          <Button variant="quiet" onPress={() => void choose(other)}>
            <Globe className="i s" aria-hidden="true" />
            <span lang={other}>{languageNames[other]}</span>
          </Button>
          <LinkButton href={signInAddress()} external>
            <FormattedMessage id="shell.signIn" />
          </LinkButton>
        </div>
      </header>
      <main className="page" id="main" tabIndex={-1}>
        {children}
      </main>
      {!waysIn.includes(pathname) && (
        <footer className="guest-foot">
          <a className="link small" href="/sign-in">
            <FormattedMessage id="shell.signInByLink" />
          </a>
        </footer>
      )}
    </div>
  );
}
