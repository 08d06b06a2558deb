// What journeys share: people in browsers of their own, and the words of the page in the language of the journey.
import { test as base, expect, type Browser, type BrowserContext, type Locator, type Page } from "@playwright/test";
import { idOrigin, password, people, stateOf, type Role } from "./people.ts";
import { watch } from "./watch.ts";
import { wordsOf, type Language, type Words } from "./words.ts";

export { expect };
export type { Language, Words };
export interface Person {
  page: Page;
  context: BrowserContext;
}

export interface World {
  language: Language;
  /** The words of the portal. */
  t: Words;
  /** The words of the ID host. */
  id: Words;
  /** A signed-in person, in a browser of their own; a guest without a role. */
  as: (
    role?: Role,
    path?: string,
    options?: { userAgent?: string; browser?: Browser; viewport?: { width: number; height: number } },
  ) => Promise<Person>;
}

async function open(browser: Browser, origin: string, language: Language, role?: Role, options = {}): Promise<BrowserContext> {
  const context = await browser.newContext({
    ...(role && { storageState: stateOf(role) }),
    viewport: { width: 1280, height: 900 },
    reducedMotion: "reduce",
    locale: language === "ru" ? "ru-RU" : "en-GB",
    ...options,
  });
  await context.addCookies([origin, idOrigin].map((url) => ({ name: "updspace_lang", value: language, url })));
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  return context;
}

/** Journeys run at once, so a feed may ask for what another journey has just deleted. */
const gone = /status of 404/;

/** A journey: run once in each language. The browser must not complain meanwhile, except about what the journey provokes. */
export function journey(name: string, walk: (world: World) => Promise<void>, allow?: RegExp): void {
  for (const language of ["en", "ru"] as const) {
    base(`${name} (${language})`, async ({ browser, baseURL }) => {
      const opened: BrowserContext[] = [];
      const said: string[][] = [];
      const as: World["as"] = async (role, path = "/", { browser: own = browser, ...options } = {}) => {
        const context = await open(own, baseURL ?? "", language, role, options);
        opened.push(context);
        context.on("page", (p) => said.push(watch(p)));
        const page = await context.newPage();
        await page.goto(path);
        return { context, page };
      };
      await walk({ language, t: wordsOf(language, "portal"), id: wordsOf(language, "id"), as });
      for (const context of opened) await context.close();
      expect(said.flat().filter((c) => !allow?.test(c) && !gone.test(c))).toEqual([]);
    });
  }
}

/** Signs in on the page of the ID host that is open. */
export async function signIn(page: Page, email: string, id: Words, secret = password): Promise<void> {
  await page.getByLabel(id("signin.email"), { exact: true }).fill(email);
  await page.getByLabel(id("signin.password"), { exact: true }).fill(secret);
  await page.getByRole("button", { name: id("signin.button"), exact: true }).click();
}

/** A name that no other run uses. */
export function unique(name: string): string {
  return `${name} ${Math.random().toString(36).slice(2, 8)}`;
}

/** The button or field that shows this name first, before what it holds. */
export const named = (name: string) => new RegExp(name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));

/** The status of an address, as the browser of a page gets it. Node does not resolve *.localhost everywhere. */
export function statusOf(page: Page, address: string): Promise<number> {
  return page.evaluate(async (a) => (await fetch(a)).status, address);
}

/** What an address has, as the browser of a page gets it. */
export function textOf(page: Page, address: string): Promise<string> {
  return page.evaluate(async (a) => (await fetch(a)).text(), address);
}

/** Chooses in a list that opens. */
export async function choose(page: Page, field: Locator, option: string | RegExp): Promise<void> {
  await field.click();
  await page.getByRole("option", { name: option }).first().click();
}

/** Chooses a person in a field that searches, by the keyboard: the list closes when a dialog scrolls below it, as a click in it may make it.
 * The list is stable once it shows no other person. */
export async function pick(page: Page, field: Locator, name: string): Promise<void> {
  await field.scrollIntoViewIfNeeded();
  await field.fill(name);
  await expect(page.getByRole("option", { name: named(name) })).toBeVisible();
  await expect(page.getByRole("option")).toHaveCount(1);
  await field.press("ArrowDown");
  await expect(field).toHaveAttribute("aria-activedescendant", /./);
  await field.press("Enter");
  await expect(page.getByRole("listbox")).toHaveCount(0);
}

/** Founds a community, or a team, in the dialog that is open. */
export async function found(page: Page, t: Words, name: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: t("groups.name") }).fill(name);
  await dialog.getByRole("button", { name: t("groups.found"), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

export { people };
