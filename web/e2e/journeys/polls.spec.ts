import { expect, journey, named, unique } from "../journey.ts";

journey("a poll, from a template to its results with three voters", async ({ t, as }) => {
  const title = unique("Saturday");
  const template = { name: /Quick poll|Быстрый опрос/, question: /What do we play tonight\?|Во что играем сегодня\?/ }; // the service's words
  const { page } = await as("admin", "/polls/new");
  await page.getByRole("textbox", { name: t("polls.field.title") }).fill(title);
  await page.getByRole("radio", { name: template.name }).check();
  await page.getByRole("button", { name: t("polls.new.next") }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();

  await page.getByRole("link", { name: template.question }).click();
  const option = page.getByRole("textbox", { name: t("polls.option.new") });
  for (const name of ["Tide of Stone", "Two Sticks"]) {
    await option.fill(name);
    await option.press("Enter");
    await expect(page.getByRole("button", { name: t("polls.option.edit", { title: name }) })).toBeVisible();
  }
  await page.getByRole("link", { name: title }).first().click();
  await page.getByRole("link", { name: t("polls.wizard.toRules"), exact: true }).click();
  await page
    .getByRole("link", { name: t("polls.wizard.toCheck"), exact: true })
    .last()
    .click();
  await expect(page.getByRole("heading", { name: t("polls.check.ready") })).toBeVisible();
  await page.getByRole("button", { name: t("polls.publish"), exact: true }).click();
  await expect(page.getByRole("link", { name: t("polls.vote.start") })).toBeVisible();
  const address = new URL(page.url()).pathname;

  const second = await as("second", address);
  const member = await as("member", address);
  for (const [voter, choice] of [
    [page, "Two Sticks"],
    [second.page, "Tide of Stone"],
    [member.page, "Two Sticks"],
  ] as const) {
    await voter.getByRole("link", { name: t("polls.vote.start") }).click();
    await voter.getByRole("radio", { name: choice }).check();
    await voter.getByRole("button", { name: t("polls.ballot.check") }).click();
    await voter.getByRole("button", { name: t("polls.review.cast") }).click();
    await expect(voter.getByRole("status").filter({ hasText: t("polls.receipt.title") })).toBeVisible();
  }

  await page.goto(`${address}/manage`);
  await page.getByRole("button", { name: t("polls.manage.menu", { title }) }).click();
  await page.getByRole("menuitem", { name: t("polls.close") }).click();
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: t("polls.close") })
    .click();
  await expect(page.getByText(t("polls.closed"))).toBeVisible();

  await member.page.goto(address);
  await member.page
    .getByRole("main")
    .getByRole("link", { name: t("polls.results.open") })
    .click();
  await expect(member.page.getByRole("heading", { level: 2, name: "Two Sticks" })).toBeVisible();
  await expect(member.page.getByText(t("polls.results.won", { votes: 2, voters: 3 }))).toBeVisible();
  await expect(member.page.getByText(named(t("polls.turnout", { voters: 3 })))).toBeVisible();
});
