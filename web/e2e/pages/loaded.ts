// A page is looked at when it is whole.
import type { Page } from "@playwright/test";

/** Draws also what is far below: the browser leaves it out until it is scrolled to, and it cannot be measured before. */
const drawAll = (page: Page) =>
  page.evaluate(() => {
    const style = new CSSStyleSheet();
    style.replaceSync("* { content-visibility: visible }");
    document.adoptedStyleSheets.push(style);
  });

/** Waits until a page that was opened is whole. */
export async function loaded(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForLoadState("networkidle");
  await drawAll(page);
}

/** Opens the page anew, with the answers that were set since. */
export async function reload(page: Page): Promise<void> {
  await page.reload();
  await loaded(page);
}
