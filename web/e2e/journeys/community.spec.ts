import { expect, found, journey, unique } from "../journey.ts";
import { names } from "../people.ts";

journey("a community, from its founding to a team with a moderator", async ({ t, as }) => {
  const name = unique("Night Watch");
  const team = unique("Lanterns");
  const owner = await as("admin", "/communities");
  await owner.page.getByRole("button", { name: t("groups.found.community") }).click();
  await found(owner.page, t, name);
  const community = new URL(owner.page.url()).pathname;

  const member = await as("second", community);
  await member.page.getByRole("button", { name: t("groups.join") }).click();
  await expect(member.page.getByText(t("groups.joined", { name }))).toBeVisible();

  await owner.page
    .getByRole("navigation", { name, exact: true })
    .getByRole("link", { name: t("groups.tab.teams") })
    .click();
  await owner.page
    .getByRole("button", { name: t("groups.found.team") })
    .first()
    .click();
  await found(owner.page, t, team);

  await member.page
    .getByRole("navigation", { name, exact: true })
    .getByRole("link", { name: t("groups.tab.teams") })
    .click();
  await member.page.getByRole("main").getByRole("link", { name: team }).first().click();
  await expect(member.page.getByRole("heading", { level: 1, name: team })).toBeVisible();
  await member.page.getByRole("button", { name: t("groups.join") }).click();
  await expect(member.page.getByText(t("groups.joined", { name: team }))).toBeVisible();
  await expect(member.page.getByRole("link", { name: t("groups.manage"), exact: true })).toHaveCount(0);

  const tabs = owner.page.getByRole("navigation", { name: team, exact: true });
  await tabs.getByRole("link", { name: t("groups.tab.members") }).click();
  await owner.page
    .getByRole("main")
    .getByRole("button", { name: t("groups.member.actions", { name: names.second }) })
    .click();
  await owner.page.getByRole("menuitem", { name: t("groups.role.make.moderator") }).click();
  await owner.page
    .getByRole("alertdialog")
    .getByRole("button", { name: t("groups.role.change") })
    .click();
  await expect(owner.page.getByText(t("groups.role.changed", { name: names.second }))).toBeVisible();

  await member.page.reload();
  await member.page.getByRole("link", { name: t("groups.manage"), exact: true }).click();
  await expect(member.page.getByRole("heading", { level: 1, name: t("groups.manage.title", { name: team }) })).toBeVisible();
});
