// What a person does to bring a page of achievements into a state.
import type { Page } from "@playwright/test";
import { picture } from "../picture.ts";
import type { Words } from "../words.ts";
import { button, dialog, item, menu, type Act } from "./acts.ts";
import { id } from "./demo.ts";
import { reload } from "./loaded.ts";

/** A name of the demo data in the language of the page. */
const inLanguage = (t: Words, en: string, ru: string) => (t("nav.polls") === "Опросы" ? ru : en);
const heart = (t: Words) => inLanguage(t, "Heart of the party", "Душа компании");

export const achievementMenu: Act = (page, t) => menu(page, button(page, t("achievements.menu", { name: heart(t) })));

export const archiveAchievement: Act = async (page, t) => {
  await achievementMenu(page, t);
  await item(page, t("achievements.archive")).click();
  await dialog(page, t);
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
  await reload(page);
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
