// Every page and main state: axe (WCAG 2.2 AA and best practice), no sideways scroll, no complaint of the browser; and in the
// pseudo-locale, whose words are longer than those of any language, no text that is cut.
import { expect, test, type Browser, type BrowserContext, type Page } from "@playwright/test";
import { axeOf } from "../axe.ts";
import { idOrigin, portalOrigin, stateOf } from "../people.ts";
import { watch } from "../watch.ts";
import { speakPseudo, wordsOf, type Locale } from "../words.ts";
import { cutTexts, sideways } from "./fits.ts";
import { loaded } from "./loaded.ts";
import { fulfil, type State } from "./state.ts";
import { states } from "./states.ts";

const height = 844;
const widths = [1280, 390];

async function answer(context: BrowserContext, answers: NonNullable<State["answers"]>): Promise<void> {
  for (const [path, what] of Object.entries(answers)) {
    await context.route(
      (url) => url.pathname === path,
      (route) => route.fulfill(fulfil(what)),
    );
  }
}

/** Changes what the server has put into the page, before its scripts read it. */
const say = (context: BrowserContext, forms: object) =>
  context.addInitScript((said) => {
    addEventListener(
      "readystatechange",
      () => {
        const boot = document.getElementById("boot")?.firstChild; // its text: Trusted Types guard the element
        if (boot) boot.nodeValue = JSON.stringify({ ...JSON.parse(boot.nodeValue ?? ""), forms: said });
      },
      { capture: true, once: true },
    );
  }, forms);

/** Reads from the servers with the cookies of the context: node does not resolve *.localhost everywhere, the browser does. */
const asker = (page: Page) => async (path: string) => {
  const response = await page.goto(path);
  if (!response?.ok()) throw new Error(`${path}: ${response?.status()}`);
  return response.json();
};

/** The page in its state, and what the browser has said since. */
async function visit(
  browser: Browser,
  state: State,
  locale: Locale,
): Promise<{ page: Page; context: BrowserContext; complaints: string[] }> {
  const language = locale === "ru" ? "ru" : "en";
  const context = await browser.newContext({
    ...(state.as && { storageState: stateOf(state.as) }),
    baseURL: portalOrigin,
    viewport: { width: 1280, height },
    reducedMotion: "reduce",
    locale: language === "ru" ? "ru-RU" : "en-GB",
  });
  const choices = { updspace_lang: language, updspace_theme: "auto" };
  for (const url of [portalOrigin, idOrigin]) {
    await context.addCookies(Object.entries(choices).map(([name, value]) => ({ name, value, url })));
  }
  const page = await context.newPage();
  const path = typeof state.path === "string" ? state.path : await state.path(asker(page));
  if (locale === "en-XA") await speakPseudo(context, idOrigin);
  if (state.answers) await answer(context, state.answers);
  if (state.forms) await say(context, state.forms);
  const complaints = watch(page);
  await page.goto(state.host === "id" ? idOrigin + path : path);
  await loaded(page);
  await state.act?.(page, wordsOf(locale, state.host ?? "portal"));
  return { page, context, complaints };
}

async function screenshot(page: Page, name: string): Promise<void> {
  const shots = process.env["SCREENS"];
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
}

/** Menus and dialogs follow the size of the window a moment later. */
const fits = (page: Page, view: string) =>
  expect
    .configure({ soft: true })
    .poll(() => page.evaluate(sideways), `${view}: sideways scroll`)
    .toEqual([]);

// A page is loaded once a language; themes and widths are changed in place, as a person's device would.
for (const state of states) {
  for (const language of ["en", "ru"] as const) {
    test(`${state.name} ${language}`, async ({ browser }) => {
      const { page, context, complaints } = await visit(browser, state, language);
      const violations = await axeOf(page);
      for (const theme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme: theme });
        for (const width of widths) {
          await page.setViewportSize({ width, height });
          const view = `${theme} ${width}`;
          await screenshot(page, `${state.name}-${language}-${theme}-${width}`);
          expect.soft(await violations(), view).toEqual([]);
          await fits(page, view);
        }
      }
      expect(complaints.filter((c) => !state.allow?.test(c))).toEqual([]);
      await context.close();
    });
  }

  test(`${state.name} en-XA`, async ({ browser }) => {
    const { page, context } = await visit(browser, state, "en-XA");
    for (const width of widths) {
      await page.setViewportSize({ width, height });
      await screenshot(page, `${state.name}-pseudo-${width}`);
      await fits(page, `${width}`);
      expect.soft(await page.evaluate(cutTexts), `${width}: texts that are cut`).toEqual([]);
    }
    await context.close();
  });
}
