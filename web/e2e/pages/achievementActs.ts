// What a person does to bring a page of achievements into a state.
import type { Locator, Page } from "@playwright/test";
import { names } from "../people.ts";
import { picture } from "../picture.ts";
import type { Words } from "../words.ts";
import { button, dialog, dialogOf, item, menu, type Act } from "./acts.ts";
import { id } from "./demo.ts";

/** A name of the demo data in the language of the page. */
const inLanguage = (t: Words, en: string, ru: string) => (t("nav.polls") === "Опросы" ? ru : en);
const heart = (t: Words) => inLanguage(t, "Heart of the party", "Душа компании");

export const achievementMenu: Act = (page, t) => menu(page, button(page, t("achievements.menu", { name: heart(t) })));

export const archiveAchievement: Act = async (page, t) => {
  await achievementMenu(page, t);
  await item(page, t("achievements.archive")).click();
  await dialog(page, t);
};

/** Answers what the page asks about grants. */
async function answerGrants(page: Page, tail: string, json: object): Promise<void> {
  await page.route(`**/api/v1/gamification/achievements/*/grants${tail}`, (route) => route.fulfill({ json }));
}

export const grantDialog: Act = async (page, t) => {
  await button(page, t("achievements.grant")).click();
  await dialog(page, t);
};

export const grantReport: Act = async (page, t) => {
  const line = { grant_id: null, code: null, message: null };
  await answerGrants(page, "/bulk", {
    dry_run: false,
    granted: 1,
    held: 1,
    refused: 1,
    items: [
      { ...line, line: 1, recipient: id("02"), outcome: "granted", grant_id: id("a1") },
      { ...line, line: 2, recipient: id("03"), outcome: "held", grant_id: id("a2") },
      { ...line, line: 3, recipient: "ada", outcome: "refused", code: "VALIDATION_ERROR", message: "must be the id of a member" },
    ],
  });
  await grantDialog(page, t);
  await button(page, t("achievements.grant.by.table")).click();
  await page.getByLabel(t("achievements.grant.csv")).fill("ada");
  await button(dialogOf(page), t("achievements.grant")).click();
  await page.getByText("must be the id of a member").waitFor();
};

/** The achievement rewards with a role. */
const rewarded = async (page: Page, state: string) => {
  const reward = {
    role: { id: 7, service: "voting", name: "helpers" },
    state,
    defined_by: id("01"),
    defined_at: "2026-03-01T12:00:00Z",
    settled: true,
  };
  await page.route("**/api/v1/gamification/achievements/*/reward", (route) => route.fulfill({ json: { reward } }));
  await page.reload();
};

export const reward: Act = async (page) => {
  await rewarded(page, "active");
  await page.getByText("helpers").waitFor();
};

export const rewardDeleted: Act = async (page, t) => {
  await rewarded(page, "role_deleted");
  await page.getByText(t("achievements.reward.role_deleted")).waitFor();
};

export const rewardEdited: Act = async (page, t) => {
  await rewarded(page, "not_grantable");
  await button(page, t("achievements.reward.remove")).scrollIntoViewIfNeeded();
};

/** A rule granted the achievement to a member. */
export const evidence: Act = async (page, t) => {
  const grant = { id: id("a1"), achievement_id: id("b1"), recipient_id: id("02"), issuer_id: null, reason: null };
  const still = { expires_at: null, ended_at: null, revoked_at: null, revoked_by: null, revoke_reason: null };
  const items = [{ ...grant, ...still, visibility: "public", created_at: "2026-03-01T12:00:00Z" }];
  await answerGrants(page, "?*", { items, next_cursor: null });
  const of = (fact: string, object: string) => ({ event_id: id(object), fact, object: id(object), happened_at: "2026-02-01T18:00:00Z" });
  const counted = { total: 3, items: [of("event_attended", "e1"), of("member_joined", "e2")] };
  await page.route("**/api/v1/gamification/grants/*/evidence", (route) => route.fulfill({ json: counted }));
  await page.reload();
  await page.getByRole("button", { name: t("achievements.evidence.of", { name: names.member }) }).click();
  await page.getByText(t("achievements.evidence.member_joined"), { exact: true }).waitFor();
};

export const withdrawDialog: Act = async (page, t) => {
  await button(page, t("achievements.nominations.withdraw")).first().click();
  await page.getByRole("alertdialog").waitFor();
};

export const pins: Act = async (page, t) => {
  await button(page, t("achievements.pins.choose")).click();
  await dialog(page, t);
};

export const grantToEvent: Act = async (page, t) => {
  await grantDialog(page, t);
  await button(page, t("achievements.grant.by.event")).click();
  await page.getByRole("combobox", { name: t("achievements.grant.event") }).click();
  await page.getByRole("option").first().click();
};

export const grantCheck: Act = async (page, t) => {
  const line = { grant_id: null, code: null, message: null };
  await answerGrants(page, "/bulk", {
    dry_run: true,
    granted: 1,
    held: 1,
    refused: 0,
    items: [
      { ...line, line: 1, recipient: id("02"), outcome: "granted" },
      { ...line, line: 2, recipient: id("03"), outcome: "held", grant_id: id("a2") },
    ],
  });
  await grantDialog(page, t);
  await button(page, t("achievements.grant.by.table")).click();
  await page.getByLabel(t("achievements.grant.csv")).fill("ada");
  await button(dialogOf(page), t("achievements.grant.check")).click();
  await page.getByText(t("achievements.report.would"), { exact: true }).waitFor();
};

/** A member has the achievement, and the manager takes it back. */
export const revokeDialog: Act = async (page, t) => {
  const grant = { id: id("a1"), achievement_id: id("b1"), recipient_id: id("02"), issuer_id: id("01"), reason: "For the tournament." };
  const still = { expires_at: null, ended_at: null, revoked_at: null, revoked_by: null, revoke_reason: null };
  const items = [{ ...grant, ...still, visibility: "private", created_at: "2026-03-01T12:00:00Z" }];
  await answerGrants(page, "?*", { items, next_cursor: null });
  await page.reload();
  await page.getByRole("button", { name: t("achievements.revoke.of", { name: names.member }) }).click();
  await dialog(page, t);
};

const fileInput = (page: Page) => page.locator('input[type="file"]').first();

export const uploadPicture: Act = async (page, t) => {
  await fileInput(page).setInputFiles({ name: "patch.png", mimeType: "image/png", buffer: picture });
  await button(page, t("achievements.picture.remove")).waitFor();
};

export const wrongPicture: Act = async (page, t) => {
  await fileInput(page).setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("notes") });
  await page.getByText(t("achievements.picture.wrong.type")).waitFor();
};

export const publishEmpty: Act = async (page, t) => {
  await button(page, t("achievements.publish")).click();
  await page.getByText(t("achievements.name.none")).waitFor();
};

/** Another manager renames the achievement at the same time, and makes it rarer. */
export const editConflict: Act = async (page, t) => {
  const path = `/api/v1/gamification/achievements/${page.url().split("/").at(-2) ?? ""}`;
  const now = await page.evaluate(async (of) => (await fetch(of)).json(), path);
  await page.route(`**${path}`, async (route) => {
    if (route.request().method() !== "GET") {
      const error = { code: "ACHIEVEMENT_CHANGED", message: "Changed", details: {}, request_id: "pages" };
      return route.fulfill({ status: 409, json: { error } });
    }
    const name_i18n = { en: "Life of the party", ru: "Заводила" };
    return route.fulfill({ json: { ...now, name_i18n, rarity: "epic", version: now.version + 1 } });
  });
  await page
    .getByLabel(/\((English|английский)\)|\[.*English.*\]/)
    .first()
    .fill("Soul of the party");
  await button(page, t("action.save")).click();
  await page.getByRole("heading", { name: t("achievements.conflict") }).waitFor();
};

export const nominateDialog: Act = async (page, t) => {
  await button(page, t("achievements.nominate")).click();
  await dialog(page, t);
};

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

export const approveDialog: Act = async (page, t) => {
  await button(page, t("achievements.nominations.approve")).first().click();
  await dialog(page, t);
};

/** Another has decided while the dialog was open. */
export const declinedMeanwhile: Act = async (page, t) => {
  await page.route("**/decline", (route) => {
    const error = { code: "NOMINATION_DECIDED", message: "Decided", details: {}, request_id: "pages" };
    return route.fulfill({ status: 409, json: { error } });
  });
  await button(page, t("achievements.nominations.decline")).first().click();
  await dialog(page, t);
  await button(dialogOf(page), t("achievements.nominations.decline")).click();
  await dialogOf(page).getByRole("alert").waitFor();
};

export const categoryMenu: Act = (page, t) =>
  menu(page, button(page, t("achievements.categories.menu", { name: inLanguage(t, "Skill", "Мастерство") })));

const fromCategoryMenu =
  (entry: string): Act =>
  async (page, t) => {
    await categoryMenu(page, t);
    await item(page, t(entry)).click();
    await dialog(page, t);
  };
export const mergeCategory = fromCategoryMenu("achievements.categories.merge");
export const deleteCategory = fromCategoryMenu("achievements.categories.delete");

export const newCategory: Act = async (page, t) => {
  await button(page, t("achievements.categories.new")).click();
  await dialog(page, t);
};

/** The holder opens the dialog; the badge of the demo data is shared, so the address is there. */
export const shareDialog: Act = async (page, t) => {
  await button(page, t("achievements.share")).click();
  await dialog(page, t);
  await page.getByLabel(t("achievements.share.address")).waitFor();
};

export const verifyBadge: Act = async (page, t) => {
  await button(page, t("badges.verify")).click();
  await page.getByText(t("badges.verified")).waitFor();
};

/** The community has revoked the badge meanwhile, which names its holder. */
export const revokedBadge: Act = async (page, t) => {
  const badge = {
    name_i18n: { en: "Heart of the party", ru: "Душа компании" },
    description: null,
    description_i18n: { en: "For those who bring the others together.", ru: "За тех, кто собирает остальных." },
    image_alt: "",
    image_alt_i18n: {},
    tier: "gold",
    state: "revoked",
    awarded_at: "2026-03-01T12:00:00Z",
    expires_at: "2027-03-01T12:00:00Z",
    ended_at: "2026-03-02T12:00:00Z",
    recipient_name: "Мария Константиновна П.",
    issuer_name: "AEF",
    issuer_id: "did:web:aef.localhost",
    issuer_url: "http://aef.localhost",
    credential_id: `urn:uuid:${id("a1")}`,
  };
  await page.route("**/api/v1/gamification/badges/shared/*", (route) => route.fulfill({ json: badge }));
  const names = ["format", "issuer_key", "signature", "schema", "claims", "time", "status"];
  await page.route("**/api/v1/gamification/badges/shared/*/verification", (route) =>
    route.fulfill({
      json: {
        valid: false,
        checked_at: "2026-03-01T12:00:00Z",
        checks: names.map((name) => ({
          name,
          outcome: name === "status" ? "failed" : name === "time" ? "not_checked" : "passed",
          reason: "x",
        })),
      },
    }),
  );
  await page.reload();
  await button(page, t("badges.verify")).click();
  await page.getByText(t("badges.refused")).waitFor();
};
