// What a person does to bring the page of a rule into a state.
import type { Locator, Page } from "@playwright/test";
import type { Words } from "../words.ts";
import { button, dialog, type Act } from "./acts.ts";
import { id } from "./demo.ts";

/** A rule with everything that a condition can have, and a second condition. */
export const wholeRule: Act = async (page, t) => {
  await page.getByRole("switch", { name: t("rules.window") }).press("Space");
  await button(page, t("rules.field.method")).click();
  await page.getByRole("checkbox", { name: t("rules.value.organiser") }).check();
  await button(page, t("rules.field.event")).click();
  const field = page.getByRole("combobox", { name: t("rules.pick.event") });
  await field.fill("Game night");
  await page.getByRole("option", { name: "Game night" }).first().waitFor();
  await field.press("ArrowDown");
  await field.press("Enter");
  await page.getByRole("button", { name: t("rules.value.remove", { name: "Game night" }) }).waitFor();
  await button(page, t("rules.condition.add")).click();
  await page
    .getByRole("complementary")
    .getByText(/Game night/)
    .waitFor();
};

/** Two conditions that say the same are refused by the service. */
export const refusedRule: Act = async (page, t) => {
  await button(page, t("rules.condition.add")).click();
  await page
    .getByRole("region", { name: t("rules.condition", { n: 2 }) })
    .getByRole("alert")
    .waitFor();
};

/** Another manager stores another rule at the same time. */
export const ruleConflict: Act = async (page, t) => {
  const path = `${page
    .url()
    .replace(/.*\/achievements\//, "/api/v1/gamification/achievements/")
    .replace(/\/rule$/, "")}/rule`;
  const now = await page.evaluate(async (of) => (await fetch(of)).json(), path);
  await page.route(`**${path}`, async (route) => {
    if (route.request().method() !== "GET") {
      const error = { code: "RULE_CHANGED", message: "Changed", details: {}, request_id: "pages" };
      return route.fulfill({ status: 409, json: { error } });
    }
    return route.fulfill({ json: { ...now, version: now.version + 1 } });
  });
  await button(page, t("rules.save")).click();
  await page.getByRole("heading", { name: t("rules.changed") }).waitFor();
};

/** Tries the rule. Fields that the head of the page covers partly are too small for axe, so the page is at its top again. */
const tryRule = async (page: Page, t: Words, found: Locator): Promise<void> => {
  await button(page, t("rules.dryRun")).click();
  await found.waitFor();
  await page.evaluate(() => scrollTo(0, 0));
};

const answerDryRun = (page: Page, items: object[], next_cursor: string | null) =>
  page.route("**/rule/dry-run?*", (route) => route.fulfill({ json: { explanation_i18n: {}, items, next_cursor } }));

export const dryRun: Act = async (page, t) => {
  const one = { need: 3, evidence: [id("e1"), id("e2"), id("e3")] };
  const met = { ...one, user_id: id("02"), have: 3, met: true, times: 2 };
  const near = { ...one, user_id: id("03"), have: 1, met: false, times: 0 };
  await answerDryRun(page, [near, met], "more");
  await tryRule(page, t, page.getByText(t("rules.dryRun.met"), { exact: true }));
};

export const emptyDryRun: Act = async (page, t) => {
  await answerDryRun(page, [], null);
  await tryRule(page, t, page.getByRole("heading", { name: t("rules.dryRun.none") }));
};

export const deleteRule: Act = async (page, t) => {
  await button(page, t("rules.delete")).click();
  await dialog(page, t);
};
