// What an administrator does with webhooks and sources to bring a page into a state.
import { button, dialog, dialogOf, item, menu, type Act } from "./acts.ts";
import { source } from "./hooks.ts";

const opens =
  (name: string): Act =>
  async (page, t) => {
    await button(page, t(name)).first().click();
    await dialog(page, t);
  };

export const newWebhook: Act = async (page, t) => {
  await opens("manage.webhooks.add")(page, t);
  await button(dialogOf(page), t("manage.webhooks.add")).click(); // nothing is filled in
  await dialogOf(page).getByText(t("field.REQUIRED")).first().waitFor();
};

export const editWebhook = opens("manage.webhooks.edit");
export const deleteWebhook = opens("manage.delete");

export const rotate: Act = async (page, t) => {
  await opens("manage.secret.rotate")(page, t);
  await button(dialogOf(page), t("manage.secret.rotate")).click();
  await page.getByText(t("manage.secret.text")).waitFor();
};

export const delivery: Act = async (page, t) => {
  await page
    .getByRole("listitem")
    .filter({ hasText: t("manage.webhooks.delivery.dead") })
    .getByRole("button")
    .click();
  await dialogOf(page).getByText("503").waitFor();
};

export const newSource: Act = async (page, t) => {
  await button(page, `${t("manage.sources.add")} ${t("manage.sources.kind.minecraft")}`).click();
  await dialog(page, t);
};

export const newDiscordCommands: Act = async (page, t) => {
  await button(page, `${t("manage.sources.add")} ${t("manage.sources.kind.discord")}`).click();
  await dialog(page, t);
};

export const newDiscordTarget: Act = async (page, t) => {
  await opens("manage.discord.add")(page, t);
  await button(dialogOf(page), t("manage.discord.add")).click(); // nothing is filled in
  await dialogOf(page).getByText(t("field.REQUIRED")).first().waitFor();
};

export const pairRoles: Act = async (page, t) => {
  await opens("manage.rolesync.pair")(page, t);
  await button(dialogOf(page), t("manage.rolesync.pair")).click(); // nothing is chosen
  await dialogOf(page).getByText(t("field.REQUIRED")).first().waitFor();
};

export const separateRoles: Act = async (page, t) => {
  await page.getByRole("listitem").filter({ hasText: "Scouts" }).getByRole("button").first().click();
  await dialog(page, t);
};

const fromMenu =
  (entry: string): Act =>
  async (page, t) => {
    await menu(page, button(page, t("manage.sources.actions", { name: source.name })));
    await item(page, t(entry)).click();
    await dialog(page, t);
  };

export const editSource = fromMenu("manage.sources.edit");
export const deleteSource = fromMenu("manage.delete");

export const connect: Act = async (page, t) => {
  await fromMenu("manage.secret.rotate")(page, t);
  await button(dialogOf(page), t("manage.secret.rotate")).click();
  await page.getByText(t("manage.secret.text")).waitFor();
};
