// What brings the pages from the application to the first sign-in into their states.
import { expect, type Page } from "@playwright/test";
import type { Words } from "../words.ts";

export async function sendEmpty(page: Page, t: Words) {
  await page.getByRole("button", { name: t("apply.send") }).click();
  await expect(page.getByText(t("field.REQUIRED")).first()).toBeVisible();
}

export async function withdraw(page: Page, t: Words) {
  await page.getByRole("button", { name: t("apply.withdraw"), exact: true }).click();
  await expect(page.getByRole("alertdialog", { name: t("apply.withdraw.title") })).toBeVisible();
}

export async function byLink(page: Page, t: Words) {
  await page.getByText(t("apply.invite.way.link"), { exact: true }).click();
  await expect(page.getByLabel(t("apply.invite.password"), { exact: true })).toHaveCount(0);
}

export async function reject(page: Page, t: Words) {
  await page
    .getByRole("article", { name: "Freya Lind" })
    .first()
    .getByRole("button", { name: t("manage.applications.reject") })
    .click();
  await expect(page.getByRole("dialog").getByRole("textbox", { name: t("manage.applications.reason") })).toBeVisible();
}

export async function newQuestion(page: Page, t: Words) {
  await page.getByRole("button", { name: t("manage.form.add") }).click();
  await expect(page.getByRole("heading", { name: t("manage.form.question", { number: 5 }) })).toBeVisible();
}

export async function openList(page: Page, t: Words) {
  await page.getByText(t("manage.invitations.list"), { exact: true }).click();
  await expect(page.getByRole("textbox", { name: t("manage.invitations.csv") })).toBeVisible();
}

export async function revoke(page: Page, t: Words) {
  await page.getByRole("button", { name: t("manage.invitations.revoke"), exact: true }).click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
}
