// Every page and main state: axe (WCAG 2.2 AA and best practice), no sideways scroll, no complaint of the browser.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test, type Page } from "@playwright/test";
import { stateOf } from "../people.ts";
import { watch } from "../watch.ts";
import { asker, states, type State } from "./states.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const idOrigin = process.env["ID_ORIGIN"] ?? "http://id.localhost:8001";
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The violations of a page. Evaluated through the debugger, which the content security policy does not bind. */
async function violations(page: Page): Promise<string[]> {
  const client = await page.context().newCDPSession(page);
  await client.send("Runtime.evaluate", { expression: axe });
  const { result, exceptionDetails } = await client.send("Runtime.evaluate", {
    expression: `axe.run({exclude: [["[data-live-announcer]"]]}, {runOnly: ${JSON.stringify(tags)}}).then((r) => r.violations.map((v) =>
      v.id + " x" + v.nodes.length + ": " + v.nodes[0].html.slice(0, 200) + " " + (v.nodes[0].any[0]?.message ?? "")))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await client.detach();
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value as string[];
}

/** The address of a page about a thing, which is looked up from the home page. */
async function found(page: Page, find: Exclude<State["path"], string>): Promise<string> {
  await page.goto("/");
  return find(asker(page));
}

const height = 844;

// A page is loaded once a language; themes and widths are changed in place, as a person's device would.
for (const state of states) {
  for (const language of ["en", "ru"] as const) {
    test(`${state.name} ${language}`, async ({ browser, baseURL }) => {
      const context = await browser.newContext({
        ...(state.as && { storageState: stateOf(state.as) }),
        viewport: { width: 1280, height },
        reducedMotion: "reduce",
        locale: language === "ru" ? "ru-RU" : "en-GB",
      });
      const choices = { updspace_lang: language, updspace_theme: "auto" };
      for (const url of [baseURL ?? "", idOrigin]) {
        await context.addCookies(Object.entries(choices).map(([name, value]) => ({ name, value, url })));
      }
      const page = await context.newPage();
      const complaints = watch(page);
      const path = typeof state.path === "string" ? state.path : await found(page, state.path);
      await page.goto(state.host === "id" ? idOrigin + path : path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForLoadState("networkidle");
      await state.act?.(page);
      for (const theme of ["light", "dark"] as const) {
        for (const width of [1280, 390]) {
          await page.emulateMedia({ colorScheme: theme });
          await page.setViewportSize({ width, height });
          const view = `${theme} ${width}`;
          const shots = process.env["SCREENS"];
          if (shots) await page.screenshot({ path: `${shots}/${state.name}-${language}-${theme}-${width}.png` });
          expect.soft(await violations(page), view).toEqual([]);
          expect
            .soft(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${view}: sideways scroll`)
            .toBeLessThanOrEqual(0);
        }
      }
      expect(complaints).toEqual([]);
      await context.close();
    });
  }
}
