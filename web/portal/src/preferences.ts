// Language and theme: a cookie of this browser has them, and the account of the signed-in person, for the other browsers and the ID host.
import type { identity as api } from "@updspace/api";
import { identity } from "@updspace/kit/api.ts";
import { boot } from "./session.ts";

type Change = api.components["schemas"]["PreferencesUpdate"];

/** Keeps a choice with the account. Here it holds already, so a failure is not worth a word. */
export function keepChoice(change: Change): void {
  if (boot.session) void identity.PATCH("/api/v1/account/preferences", { body: change }).catch(() => undefined);
}
