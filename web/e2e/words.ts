// The words of the pages: as people read them, and in the pseudo-locale en-XA, which web/scripts/messages.mjs makes for these tests alone.
import { readdirSync, readFileSync } from "node:fs";
import type { BrowserContext } from "@playwright/test";
import { createIntl } from "react-intl";

export type Language = "en" | "ru";
export type Locale = Language | "en-XA";
export type App = "portal" | "id";
/** The text of a message. */
export type Words = (id: string, values?: Record<string, string | number>) => string;

const web = new URL("../", import.meta.url);
const json = (path: string) => JSON.parse(readFileSync(new URL(path, web), "utf8"));

const pseudoWords = (app: App) => new URL(`${app}/src/words/`, web);
/** The compiled pseudo-words of a part of a frontend. */
const pseudo = (app: App, part: string) => readFileSync(new URL(`en-XA.${part}.json`, pseudoWords(app)), "utf8");
const partsOf = (app: App) => readdirSync(pseudoWords(app)).flatMap((file) => /^en-XA\.(\w+)\.json$/.exec(file)?.[1] ?? []);

/** The words of a frontend, with those of the kit. */
export function wordsOf(locale: Locale, app: App): Words {
  const sources =
    locale === "en-XA"
      ? partsOf(app).map((part) => JSON.parse(pseudo(app, part)))
      : ["kit", app].map((folder) => json(`${folder}/messages/${locale}.json`));
  const messages: Record<string, string> = Object.assign({}, ...sources);
  const intl = createIntl({ locale: locale === "ru" ? "ru-RU" : "en-GB", messages });
  return (id, values) => {
    if (!(id in messages)) throw new Error(`no message ${id}`);
    return String(intl.formatMessage({ id: id as never }, values)); // the ids of the portal are a type of their own
  };
}

/** Gives the pages of a context the pseudo-words in place of the English ones. */
export async function speakPseudo(context: BrowserContext, idOrigin: string): Promise<void> {
  await context.route(/\/assets\/en\.\w+-[^/]*\.js$/, (route) => {
    const address = route.request().url();
    const part = /\/en\.(\w+)-/.exec(address)?.[1] ?? "";
    return route.fulfill({
      contentType: "text/javascript",
      body: `export default ${pseudo(address.startsWith(idOrigin) ? "id" : "portal", part)}`,
    });
  });
}
