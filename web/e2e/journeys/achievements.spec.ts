import { expect, journey, unique } from "../journey.ts";
import { draftAchievement } from "../achievements.ts";
import { picture } from "../picture.ts";

journey("an achievement with an uploaded picture is granted by a table, and its holder pins it", async ({ t, as }) => {
  const name = unique("Night owl");
  // Journeys run in both languages at once, and a person has one showcase.
  const holder = t("nav.polls") === "Опросы" ? ({ who: "second", id: "03" } as const) : ({ who: "member", id: "02" } as const);
  const user = `00000000-0000-4000-8000-0000000000${holder.id}`;

  const { page } = await as("admin", "/achievements/new");
  await page
    .getByRole("textbox", { name: /\((English|английский)\)$/ })
    .first()
    .fill(name);
  await page.locator('input[type="file"]').first().setInputFiles({ name: "owl.png", mimeType: "image/png", buffer: picture });
  await expect(page.getByRole("button", { name: t("achievements.picture.remove") })).toBeVisible();
  await page.getByRole("textbox", { name: t("achievements.field.alt.others") }).fill("A green night");
  await page.getByRole("button", { name: t("achievements.publish"), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByRole("img", { name: "A green night" })).toBeVisible();

  await page
    .getByRole("button", { name: t("achievements.grant"), exact: true })
    .first()
    .click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: t("achievements.grant.by.table") }).click();
  await dialog.getByRole("textbox", { name: t("achievements.grant.csv") }).fill(`${user};late again`);
  await dialog.getByRole("button", { name: t("achievements.grant.check") }).click();
  await expect(dialog.getByText(t("achievements.report.would"), { exact: true })).toBeVisible();
  await dialog.getByRole("button", { name: t("achievements.grant.now", { n: 1 }) }).click();
  await expect(page.getByText("late again")).toBeVisible();

  const { page: own } = await as(holder.who, `/people/${user}`);
  await own.getByRole("button", { name: t("achievements.pins.choose") }).click();
  const pinned = own.getByRole("list", { name: t("achievements.pins.pinned") }).getByRole("button");
  while ((await pinned.count()) > 0) await pinned.last().click(); // from former runs
  await own.getByRole("button", { name: t("achievements.pins.pin", { name }) }).click();
  await own
    .getByRole("dialog")
    .getByRole("button", { name: t("action.save") })
    .click();
  const showcase = own.getByRole("region", { name: t("achievements.showcase") });
  await expect(showcase.getByRole("listitem").first()).toContainText(name);
  await expect(showcase.getByRole("img", { name: "A green night" })).toBeVisible();
});

journey("what narrows the catalogue stands in its address, so it is there after a reload and for others", async ({ t, as }) => {
  const name = unique("Early bird");
  const { page } = await as("admin");
  await draftAchievement(page, t, name);
  await page.goto("/achievements");
  const drafts = page.getByRole("link", { name: t("achievements.status.draft"), exact: true });
  const found = page.getByRole("link", { name, exact: true });
  await drafts.click();
  await page.getByRole("searchbox", { name: t("achievements.search") }).fill(name);
  await expect(page).toHaveURL((url) => url.searchParams.get("status") === "draft" && url.searchParams.get("q") === name);
  await expect(found).toBeVisible();
  await page.reload();
  await expect(drafts).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("searchbox", { name: t("achievements.search") })).toHaveValue(name);
  await expect(found).toBeVisible();

  // Who may not see drafts finds none at the same address.
  const { page: other } = await as("member", new URL(page.url()).pathname + new URL(page.url()).search);
  await expect(other.getByRole("heading", { level: 1, name: t("nav.achievements") })).toBeVisible();
  await expect(other.getByRole("link", { name, exact: true })).toHaveCount(0);
});
