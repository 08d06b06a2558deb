// Takes the pictures of the README.
import { fileURLToPath } from "node:url";
import { expect, test, type Page } from "@playwright/test";
import type { State } from "../pages/state.ts";
import { states } from "../pages/states.ts";
import { idOrigin, portalOrigin, stateOf } from "../people.ts";

const folder = fileURLToPath(new URL("../../../docs/screens/", import.meta.url));
const mostBytes = 250_000;

/** Name of the picture, and the page of pages/states.ts that it shows. */
const pictures = { home: "home", community: "community", event: "event", results: "results", "sign-in": "id-sign-in" };

function stateNamed(name: string): State {
  const state = states.find((s) => s.name === name);
  if (!state) throw new Error(`pages/states.ts has no ${name}`);
  return state;
}

async function open(page: Page, { path, host }: State): Promise<void> {
  const ask = async (from: string) => (await page.goto(from))?.json();
  const address = typeof path === "string" ? path : await path(ask);
  await page.goto((host === "id" ? idOrigin : portalOrigin) + address);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForLoadState("networkidle");
  await page.waitForFunction(() => document.fonts.size > 0);
  await page.evaluate(showFonts);
}

/** Shows the fonts of the page at once. They come when the page is idle, and would be seen from the next page on. */
async function showFonts(): Promise<void> {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).filter((rule) => rule instanceof CSSFontFaceRule);
  for (const { style } of rules) {
    const of = (property: string) => style.getPropertyValue(property);
    const descriptors = { weight: of("font-weight"), unicodeRange: of("unicode-range") };
    document.fonts.add(await new FontFace(of("font-family").replaceAll('"', ""), of("src"), descriptors).load());
  }
}

for (const [picture, name] of Object.entries(pictures)) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`${picture} ${colorScheme}`, async ({ browser, baseURL }) => {
      const state = stateNamed(name);
      const context = await browser.newContext({
        ...(baseURL && { baseURL }),
        ...(state.as && { storageState: stateOf(state.as) }),
        viewport: { width: 1280, height: 760 },
        reducedMotion: "reduce",
        locale: "en-GB",
        colorScheme,
      });
      for (const url of [portalOrigin, idOrigin]) {
        await context.addCookies([
          { name: "updspace_lang", value: "en", url },
          { name: "updspace_theme", value: "auto", url },
        ]);
      }
      const page = await context.newPage();
      await open(page, state);
      const taken = await page.screenshot({ path: `${folder}${picture}-${colorScheme}.png` });
      expect(taken.length).toBeLessThan(mostBytes);
      await context.close();
    });
  }
}
