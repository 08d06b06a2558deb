import type { ReactNode } from "react";
import { FormattedMessage } from "react-intl";
import { boot } from "../session.ts";
import { OfflineBanner } from "./OfflineBanner.tsx";
import { SignInAgain } from "./SignInAgain.tsx";

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    /** The page fills the window and brings its own bars: a ballot, a stage. It has the main landmark with id "main". */
    bare?: boolean;
  }
}

/** The frame of pages without sections around them. */
export function BareShell({ children }: { children: ReactNode }) {
  return (
    <>
      <a className="skip" href="#main">
        <FormattedMessage id="shell.skip" />
      </a>
      <OfflineBanner />
      {children}
      {boot.session && <SignInAgain />}
    </>
  );
}
