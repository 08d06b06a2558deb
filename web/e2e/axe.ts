// axe: WCAG 2.2 AA and best practice.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { CDPSession, Page } from "@playwright/test";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Runs a script in the page through the debugger, which the content security policy does not bind. */
async function evaluate(client: CDPSession, expression: string): Promise<unknown> {
  const { result, exceptionDetails } = await client.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
}

/** Puts axe into a page; what it returns finds the violations of the page as it is then. */
export async function axeOf(page: Page): Promise<() => Promise<unknown>> {
  const client = await page.context().newCDPSession(page);
  await evaluate(client, axe);
  return () =>
    evaluate(
      client,
      `axe.run({exclude: [["[data-live-announcer]"]]}, {runOnly: ${JSON.stringify(tags)}}).then((r) => r.violations.map((v) =>
      v.id + " x" + v.nodes.length + ": " + v.nodes[0].html.slice(0, 200) + " " + (v.nodes[0].any[0]?.message ?? "")))`,
    );
}
