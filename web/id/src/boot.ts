// What identity puts into the page, and who is signed in.
import type { identity } from "@updspace/api";
import { readBoot, type Language, type TenantCard, type Theme } from "@updspace/kit/boot.ts";

type Schemas = identity.components["schemas"];

export type Account = Schemas["AuthUser"];
export type Preferences = Schemas["Preferences"];
export type Provider = Schemas["ExternalProvider"];
export type AuthorizationPrompt = Schemas["AuthorizationPrompt"];

/** The application that sent the browser here. */
export interface ClientCard {
  client_id: string;
  name: string;
  logo_url: string | null;
  host: string;
}

export interface PageError {
  status: number;
  code: string;
  message: string;
  request_id: string;
}

/** What the server prepared for the page of this address. */
export interface Forms {
  next?: string;
  /** The application demands a new sign-in though an account is signed in. */
  again?: boolean;
  email?: string;
  form_token?: string;
  /** The services whose linked accounts sign in. */
  providers?: Provider[];
  client?: ClientCard;
  authorize?: AuthorizationPrompt;
  logout?: { client: string | null; host: string | null };
  /** The community that sent the person to the account, and the address of its pages. */
  back?: { tenant: TenantCard; url: string };
  /** The community whose mails of some kind a link is about, and whether they have been ended. */
  mails?: { from: string; ended: boolean };
  /** Shown instead of the page, whatever the address. */
  error?: PageError;
}

export interface Boot {
  tenant: TenantCard | null;
  account: Account | null;
  preferences: Preferences | null;
  lang: Language;
  theme: Theme;
  version: string;
  forms: Forms;
}

export const boot = readBoot<Boot>();

/** The address of the sign-in page that comes back here. `other` asks for another account than the one that is signed in. */
export function signInAddress(other = false): string {
  const query = new URLSearchParams({ next: location.pathname + location.search });
  if (other) {
    query.set("again", "1");
    query.set("other", "1");
  }
  return `/login?${query}`;
}
