import { choose, expect, journey, named, pick, unique } from "../journey.ts";
import { names } from "../people.ts";

const right = "permission.portal.communities.create";

journey("a role: made, given, explained, felt at the next click, taken away, and felt again", async ({ t, language, as }) => {
  const role = unique("storyteller");
  const holder = language === "en" ? "second" : "member"; // both languages run at once, and a person who holds two such roles keeps the right
  const name = names[holder];
  const here = await as(holder);
  const rail = here.page.getByRole("navigation", { name: t("nav.label") }).first();
  const felt = here.page.getByRole("button", { name: t("groups.found.community") });
  await rail.getByRole("link", { name: t("nav.communities") }).click();
  await expect(here.page.getByRole("heading", { level: 1, name: t("nav.communities") })).toBeVisible();
  await expect(felt).toHaveCount(0);
  await rail.getByRole("link", { name: t("nav.home") }).click();

  const { page } = await as("admin", "/manage/roles");
  await page.getByRole("button", { name: t("manage.role.new") }).click();
  await page
    .getByRole("dialog")
    .getByRole("textbox", { name: t("manage.role.name") })
    .fill(role);
  await page
    .getByRole("dialog")
    .getByRole("button", { name: t("manage.role.make") })
    .click();
  await expect(page.getByRole("heading", { level: 1, name: role })).toBeVisible();
  const address = page.url();
  await page.getByRole("switch", { name: t(right), exact: true }).press("Space");
  await page.getByRole("button", { name: t("manage.change.save", { count: 1 }) }).click();
  await expect(page.getByText(t("manage.change.saved"), { exact: true })).toBeVisible();
  await page.getByRole("button", { name: t("manage.give"), exact: true }).click();
  const dialog = page.getByRole("dialog");
  await pick(page, dialog.getByRole("combobox", { name: t("manage.person") }), name);
  await dialog.getByRole("button", { name: t("manage.give"), exact: true }).click();
  await expect(page.getByText(t("manage.give.done"))).toBeVisible();

  await rail.getByRole("link", { name: t("nav.communities") }).click();
  await expect(felt).toBeVisible();

  await page.goto("/manage/access");
  await pick(page, page.getByRole("combobox", { name: t("manage.person") }), name);
  await choose(page, page.getByRole("button", { name: named(t("manage.permission")) }), named(t(right)));
  const what = t(right).charAt(0).toLowerCase() + t(right).slice(1);
  await expect(page.getByRole("heading", { level: 2, name: t("manage.access.may", { name, what }) })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: role }).first()).toBeVisible();

  await page.goto(address);
  await page.getByRole("button", { name: t("manage.holder.actions", { name }) }).click();
  await page.getByRole("menuitem", { name: t("manage.take") }).click();
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: t("manage.take") })
    .click();
  await expect(page.getByText(t("manage.take.done"))).toBeVisible();

  await rail.getByRole("link", { name: t("nav.home") }).click();
  await rail.getByRole("link", { name: t("nav.communities") }).click();
  await expect(felt).toHaveCount(0);
});
