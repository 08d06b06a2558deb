// What brings the pages of the second step and of the ways to sign in into their states.
import type { Page } from "@playwright/test";
import { button, dialogOf, type Act } from "./acts.ts";
import { fulfil, Refusal } from "./state.ts";

/** From here on, servers answer a path so. */
const answering = (page: Page, path: string, what: object) =>
  page.route(
    (url) => url.pathname === path,
    (route) => route.fulfill(fulfil(what)),
  );

/** Signs in with a password, after which a second step is demanded. */
export const secondStep: Act = async (page, t) => {
  await page.getByLabel(t("signin.email"), { exact: true }).fill("member@aef.test");
  await page.getByLabel(t("signin.password"), { exact: true }).fill("updspace-demo");
  await button(page, t("signin.button")).click();
  await page.getByText(t("check.lead")).waitFor();
};

const wrong = new Refusal(401, "INVALID_CREDENTIALS");

export const wrongCode: Act = async (page, t) => {
  await secondStep(page, t);
  await answering(page, "/api/v1/auth/login", wrong);
  await page.getByLabel(t("check.code"), { exact: true }).fill("000000");
  await button(page, t("check.go")).click();
  await page.getByText(t("check.wrong")).waitFor();
};

export const recoveryCode: Act = async (page, t) => {
  await secondStep(page, t);
  await button(page, t("check.recovery")).click();
  await page.getByLabel(t("check.recoveryCode"), { exact: true }).waitFor();
};

export const wrongRecoveryCode: Act = async (page, t) => {
  await recoveryCode(page, t);
  await answering(page, "/api/v1/auth/login", wrong);
  await page.getByLabel(t("check.recoveryCode"), { exact: true }).fill("ABCDE-FGHJK");
  await button(page, t("check.go")).click();
  await page.getByText(t("check.wrong")).waitFor();
};

/** A recovery code has signed in, and new ones are shown. */
export const newCodes =
  (answer: object): Act =>
  async (page, t) => {
    await recoveryCode(page, t);
    await answering(page, "/api/v1/auth/login", answer);
    await page.getByLabel(t("check.recoveryCode"), { exact: true }).fill("ABCDE-FGHJK");
    await button(page, t("check.go")).click();
    await page.getByRole("list", { name: t("codes.title") }).waitFor();
  };

export const appSetup: Act = async (page, t) => {
  await button(page, t("app.add")).click();
  await page.getByRole("img", { name: t("app.qr") }).waitFor();
};

export const appWrongCode: Act = async (page, t) => {
  await appSetup(page, t);
  await page.getByLabel(t("check.code"), { exact: true }).fill("000000");
  await button(page, t("app.confirm")).click();
  await page.getByRole("alert").waitFor();
};

/** Codes that were just made. From the top of the page: elsewhere the bar hides a part of a button, which axe takes for a small one. */
export const madeCodes: Act = async (page, t) => {
  await button(page, t("codes.renew")).click();
  await page.getByRole("list", { name: t("codes.title") }).waitFor();
  await page.evaluate(() => scrollTo(0, 0));
};

export const stepUp: Act = async (page, t) => {
  await button(page, t("app.add")).click();
  await dialogOf(page)
    .getByRole("button", { name: t("stepup.confirm"), exact: true })
    .waitFor();
};

export const stepUpWrongPassword: Act = async (page, t) => {
  await stepUp(page, t);
  await dialogOf(page).getByLabel(t("signin.password"), { exact: true }).fill("not the password");
  await button(page, t("stepup.confirm")).click();
  await dialogOf(page).getByRole("alert").waitFor();
};

export const stepUpWithoutAWay: Act = async (page, t) => {
  await button(page, t("app.add")).click();
  await dialogOf(page)
    .getByRole("link", { name: t("reset.ask") })
    .waitFor();
};

export const confirmAddress: Act = async (page, t) => {
  await button(page, t("verify.confirm.button")).click();
  await page.getByRole("alert").waitFor();
};
