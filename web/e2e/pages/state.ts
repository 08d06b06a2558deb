// What the state of a page is.
import type { Page } from "@playwright/test";
import type { Role } from "../people.ts";
import type { Words } from "../words.ts";
import type { Ask } from "./demo.ts";

export interface State {
  name: string;
  /** The address; a function for pages of a thing whose id the demo data does not fix. */
  path: string | ((ask: Ask) => Promise<string>);
  /** Who looks; a guest when left out. */
  as?: Role;
  /** The host: a tenant's, or that of the ID service. */
  host?: "id";
  /** What servers answer instead, by path: states that the demo data does not have. A number is the status of an error, whatever its code. */
  answers?: Record<string, object | number>;
  /** What the ID host's server says on the page instead of an error: states that need a link from a mail. */
  forms?: object;
  /** Brings the page into the state, and waits until it is there. */
  act?: (page: Page, t: Words) => Promise<void>;
  /** What the browser says in this state and may. */
  allow?: RegExp;
}

/** What the browser says of an answer with this status. */
export const refused = (status: number) => new RegExp(`status of ${status}`);

/** An answer that refuses, with a code that the page knows. */
export class Refusal {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly details: object = {},
  ) {}
}

/** An answer in the form that Playwright takes. */
export function fulfil(what: object | number): { status?: number; json: unknown } {
  if (typeof what === "number") return fulfil(new Refusal(what, what === 401 ? "UNAUTHORIZED" : "INTERNAL"));
  if (!(what instanceof Refusal)) return { json: what };
  const { status, code, details } = what;
  return { status, json: { error: { code, message: "No", details, request_id: "pages" } } };
}
