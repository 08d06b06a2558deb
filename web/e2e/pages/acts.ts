// What a person does to bring a page into a state. Each waits until the state is there.
import { expect, type Locator, type Page } from "@playwright/test";
import { unique } from "../journey.ts";
import { names } from "../people.ts";
import { picture } from "../picture.ts";
import type { Words } from "../words.ts";

export type Act = (page: Page, t: Words) => Promise<void>;

/** The dialog that is open; a toast has the role of one, too. */
export const dialogOf = (page: Page) => page.locator(".dialog").locator('[role="dialog"], [role="alertdialog"]');
export const button = (page: Page | Locator, name: string) => page.getByRole("button", { name, exact: true });
export const item = (page: Page, name: string) => page.getByRole("menuitem", { name, exact: true });

export const dialog: Act = (page) => dialogOf(page).waitFor();

export async function menu(page: Page, opener: Locator): Promise<void> {
  await opener.click();
  await page.getByRole("menu").waitFor();
}

export const palette: Act = async (page) => {
  await page.keyboard.press("Control+k");
  await page.getByRole("searchbox").waitFor();
};

export const paletteFinds: Act = async (page, t) => {
  await palette(page, t);
  await page.keyboard.type("Chess");
  await page.getByRole("menuitem", { name: "Chess & Tea" }).first().waitFor();
};

export const accountMenu: Act = (page, t) => menu(page, button(page, t("account.button", { name: names.member })));
export const tenantMenu: Act = (page, t) => menu(page, button(page, t("shell.tenant", { name: "Маяк" })));
export const createMenu: Act = (page, t) => menu(page, button(page, t("create.label")));

export const offline: Act = async (page, t) => {
  await page.context().setOffline(true);
  await page.getByText(t("offline.banner")).waitFor();
};

export const signInAgain: Act = (page, t) => page.getByRole("alertdialog", { name: t("again.title") }).waitFor();

export const preview: Act = async (page, t) => {
  await page.getByLabel(t("posts.title"), { exact: true }).fill("How we walk");
  await page.getByLabel(t("posts.text"), { exact: true }).fill("Bring **a lamp**.\n\n- a snack\n- a bad joke\n\n> Nobody is left behind.");
  await button(page, t("markdown.preview")).click();
  await page.getByText("Nobody is left behind.", { exact: true }).waitFor();
};

export const postMenu: Act = async (page, t) => {
  await menu(
    page,
    page
      .getByRole("article")
      .first()
      .getByRole("button", { name: t("posts.actions", { name: "Ника Орлан" }) }),
  );
  await item(page, t("posts.delete")).waitFor();
};

export const postDelete: Act = async (page, t) => {
  await postMenu(page, t);
  await item(page, t("posts.delete")).click();
  await dialog(page, t);
};

export const ask: Act = async (page, t) => {
  await button(page.getByRole("main"), t("groups.ask")).first().click();
  await dialog(page, t);
};

export const leave: Act = async (page, t) => {
  await menu(page, button(page.getByRole("main"), t("groups.role.member")));
  await item(page, t("groups.leave")).click();
  await dialog(page, t);
};

export const memberMenu: Act = (page, t) => menu(page, button(page, t("groups.member.actions", { name: names.second })));

export const ban: Act = async (page, t) => {
  await memberMenu(page, t);
  await item(page, t("groups.ban")).click();
  await dialog(page, t);
};

export const deleteGroup: Act = async (page, t) => {
  await button(page, t("groups.delete.button")).click();
  await dialog(page, t);
};

export const reveal: Act = async (page, t) => {
  await button(page, t("polls.stage.reveal")).click();
  await page.getByRole("list", { name: t("polls.stage.banners") }).waitFor();
};

export const pollMenu =
  (title: string): Act =>
  (page, t) =>
    menu(page, button(page, t("polls.manage.menu", { title })));

const fromPollMenu =
  (title: string, entry: string): Act =>
  async (page, t) => {
    await pollMenu(title)(page, t);
    await item(page, t(entry)).click();
    await dialog(page, t);
  };
export const closePoll = (title: string) => fromPollMenu(title, "polls.close");
export const deletePoll = (title: string) => fromPollMenu(title, "polls.delete");

export const firstQuestion: Act = async (page, t) => {
  await page.getByRole("main").locator('a[href*="question="]').first().click();
  await page.getByRole("heading", { name: t("polls.options") }).waitFor();
};

export const crop: Act = async (page, t) => {
  const chooser = page.waitForEvent("filechooser");
  await button(page, t("settings.picture.choose")).click();
  await (await chooser).setFiles({ name: "map.png", mimeType: "image/png", buffer: picture });
  await page.getByRole("slider", { name: t("crop.zoom") }).waitFor();
};

export const firstRole: Act = async (page, t) => {
  await page
    .getByRole("main")
    .getByRole("link", { name: t("role.template.moderator") })
    .first()
    .click();
  await button(page, t("manage.give")).waitFor();
};

export const giveRole: Act = async (page, t) => {
  await firstRole(page, t);
  await button(page, t("manage.give")).click();
  await dialog(page, t);
};

export const newRole: Act = async (page, t) => {
  await button(page, t("manage.role.new")).click();
  await dialog(page, t);
};

/** Makes a role of the space, since the demo data has none. */
async function ownRole(page: Page, t: Words): Promise<void> {
  const name = unique("storyteller");
  await newRole(page, t);
  await dialogOf(page)
    .getByRole("textbox", { name: t("manage.role.name") })
    .fill(name);
  await button(dialogOf(page), t("manage.role.make")).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
  await expect(dialogOf(page)).toHaveCount(0);
}

export const changedRole: Act = async (page, t) => {
  await ownRole(page, t);
  await page.getByRole("switch", { name: t("permission.portal.communities.create"), exact: true }).press("Space");
  await button(page, t("manage.change.save", { count: 1 })).waitFor();
  await button(page, t("action.close")).click(); // of the toast, which lies over the list for a moment
  await page.evaluate(() => scrollTo(0, 0)); // the head of the page lies over what is scrolled under it
};

export const deleteRole: Act = async (page, t) => {
  await ownRole(page, t);
  await button(page, t("manage.role.delete")).click();
  await dialog(page, t);
};

export const newException: Act = async (page, t) => {
  await button(page, t("manage.override.new")).click();
  await dialog(page, t);
};

/** Withdraws a key without saying why. */
export const withdrawKey: Act = async (page, t) => {
  await page.getByRole("main").getByRole("listitem").getByRole("button").first().click();
  const asked = page.getByRole("alertdialog");
  await button(asked, t("manage.badgeKeys.withdraw")).click();
  await asked.getByText(t("field.REQUIRED")).waitFor();
};

export const why: Act = async (page, t) => {
  await page
    .getByRole("main")
    .getByRole("button", { name: t("why.label", { what: t("permission.portal.roles.read") }) })
    .click();
  await page.getByRole("dialog").getByRole("heading", { level: 3 }).first().waitFor();
};

export const choosePicture: Act = async (page, t) => {
  const chooser = page.waitForEvent("filechooser");
  await button(page, t("avatar.choose")).click();
  await (await chooser).setFiles({ name: "me.png", mimeType: "image/png", buffer: picture });
  await page.getByRole("slider", { name: t("crop.zoom") }).waitFor();
};

export const unlinkAccount: Act = async (page, t) => {
  await page
    .getByRole("button", { name: t("connections.unlink") })
    .first()
    .click();
  await dialog(page, t);
};

export const endAppAccess: Act = async (page, t) => {
  await page
    .getByRole("button", { name: t("apps.revoke") })
    .first()
    .click();
  await dialog(page, t);
};

export const signInEmpty: Act = async (page, t) => {
  await button(page, t("signin.button")).click();
  await page.getByText(t("field.REQUIRED")).first().waitFor();
};

export const signUpBadly: Act = async (page, t) => {
  await page.getByText(t("signup.minor"), { exact: true }).click();
  await button(page, t("signup.button")).click();
  await page.getByText(t("field.REQUIRED")).first().waitFor();
};

export const signUp: Act = async (page, t) => {
  await page.getByLabel(t("profile.displayName"), { exact: true }).fill("Nora");
  await page.getByLabel(t("signin.email"), { exact: true }).fill("a-rather-long-address-of-somebody@player.test");
  await page.getByLabel(t("password.new"), { exact: true }).fill("quiet harbour, seven lanterns");
  await page.getByText(t("signup.processing"), { exact: true }).click();
  await button(page, t("signup.button")).click();
  await page.getByRole("heading", { name: t("signup.sent") }).waitFor();
};

const typeChosen: Act = async (page, t) => {
  await page.getByLabel(t("signup.chosen"), { exact: true }).fill("quiet harbour, seven lanterns");
  await button(page, t("verify.confirm.button")).click();
};

export const confirmSignUp: Act = async (page, t) => {
  await typeChosen(page, t);
  await page.getByRole("link", { name: t("signup.again") }).waitFor();
};

export const confirmSignUpJoined: Act = async (page, t) => {
  await typeChosen(page, t);
  await page.getByRole("link", { name: t("signin.button") }).waitFor();
};

export const changePasswordBadly: Act = async (page, t) => {
  await page.getByLabel(t("password.current"), { exact: true }).fill("updspace-demo");
  await page.getByLabel(t("password.new"), { exact: true }).fill("password12345678");
  await button(page, t("password.button")).click();
  await page.getByText(t("field.TOO_COMMON")).first().waitFor();
};

export const askForReset: Act = async (page, t) => {
  await page.getByLabel(t("signin.email")).fill(`${unique("no.one").replace(" ", "")}@aef.test`);
  await button(page, t("reset.send")).click();
  await page.getByRole("heading", { level: 1, name: t("reset.asked") }).waitFor();
};

export const resetWithOldLink: Act = async (page, t) => {
  await page.getByLabel(t("password.new"), { exact: true }).fill("four words and a fox");
  await button(page, t("reset.button")).click();
  await page.getByRole("alert").waitFor();
};

export const suspendAccount: Act = async (page, t) => {
  await button(page, t("admin.suspend")).click();
  await dialog(page, t);
};
