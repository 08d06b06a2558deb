// What a person does to bring a page of an achievement into a state of its grants and nominations.
import type { Page } from "@playwright/test";
import { names } from "../people.ts";
import { button, dialog, dialogOf, type Act } from "./acts.ts";
import { id } from "./demo.ts";
import { reload } from "./loaded.ts";

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
      { ...line, line: 3, recipient: "ada", outcome: "refused", code: "INVALID_FORMAT", message: "must be the id of a member" },
    ],
  });
  await grantDialog(page, t);
  await button(page, t("achievements.grant.by.table")).click();
  await page.getByLabel(t("achievements.grant.csv")).fill("ada");
  await button(dialogOf(page), t("achievements.grant")).click();
  await page.getByText(t("achievements.report.why.INVALID_FORMAT")).waitFor();
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
  await reload(page);
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
  await reload(page);
  await page.getByRole("button", { name: t("achievements.revoke.of", { name: names.member }) }).click();
  await dialog(page, t);
};

export const nominateDialog: Act = async (page, t) => {
  await button(page, t("achievements.nominate")).click();
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
