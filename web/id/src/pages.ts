// Which page an address is. Outside of the account and the administration every step is a full navigation, which the server answers or redirects: those pages
// need no router, and sign-in stays small.
import type { QueryClient } from "@tanstack/react-query";
import type { ComponentType } from "react";
import { boot } from "./boot.ts";

const pages: Record<string, () => Promise<ComponentType>> = {
  "/login": async () => (await import("./features/signin/SignIn.tsx")).SignIn,
  "/authorize": async () => (await import("./features/consent/ConsentPage.tsx")).ConsentPage,
  "/logout": async () => (await import("./features/signout/SignOut.tsx")).SignOut,
  "/unsubscribe": async () => (await import("./features/mails/Unsubscribe.tsx")).Unsubscribe,
  "/reset": async () => (await import("./features/passwords/Reset.tsx")).Reset,
  "/signup": async () => (await import("./features/signup/SignUp.tsx")).SignUp,
  "/verify": async () =>
    location.hash.startsWith("#signup=")
      ? (await import("./features/signup/ConfirmSignUp.tsx")).ConfirmSignUp
      : (await import("./features/email/Verify.tsx")).Verify,
  "/signed-out": async () => (await import("./features/signout/SignedOut.tsx")).SignedOut,
};

export async function pageOf(path: string, queries: QueryClient): Promise<ComponentType> {
  if (boot.forms.error) return (await import("./shell/Refused.tsx")).Refused;
  const load = pages[path.replace(/(?<=.)\/$/, "")];
  if (load) return load();
  if (/^\/account(\/|$)/.test(path) || (/^\/admin(\/|$)/.test(path) && boot.account?.is_superuser))
    return (await import("./router.tsx")).accountPages(queries);
  return (await import("./shell/Missing.tsx")).Missing;
}
