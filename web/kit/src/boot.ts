// What the server put into the page (index.html, #boot), so that the first view waits for no request.
import type { bff } from "@updspace/api";

export type Session = bff.components["schemas"]["Session"];

/** The public card of a tenant. */
export interface TenantCard {
  id: string;
  slug: string;
  name: string;
  description: string;
  hue: number;
  chroma: number;
  logo_url: string | null;
  cover_url: string | null;
  languages: string[];
  default_language: string;
  membership: "invitation" | "application" | "open";
}

export type Language = "en" | "ru";
export type Theme = "light" | "dark" | "auto";

export interface Boot {
  tenant: TenantCard | null;
  session: Session | null;
  /** The code of why the session could not be read, when it could not. */
  session_error?: string;
  lang: Language;
  theme: Theme;
  id_url: string;
  version: string;
}

export function readBoot<T = Boot>(): T {
  const text = document.getElementById("boot")?.textContent;
  if (!text) throw new Error("the page has no #boot");
  return JSON.parse(text) as T; // the server's own data (web/serve.go)
}
