import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, journey, unique } from "../journey.ts";

/** Runs a line in a shell whose curl finds the platform of the tests; what it printed. */
async function shell(line: string): Promise<string> {
  const curl = `curl() { command curl --connect-to "::${process.env["LOCALHOST"] ?? "127.0.0.1"}:" "$@"; }`;
  return (await promisify(execFile)("bash", ["-c", `${curl}; ${line}`])).stdout;
}

journey("what another system sends, with the line that the page shows, arrives in the feed", async ({ t, as }) => {
  const name = unique("Server");
  const { page } = await as("admin", "/manage/sources");
  await page.getByRole("button", { name: `${t("manage.sources.add")} ${t("manage.sources.kind.webhook")}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: t("manage.webhooks.name") }).fill(name);
  await dialog.getByRole("button", { name: t("manage.sources.add"), exact: true }).click();
  const line = await page.getByRole("dialog", { name }).getByLabel(t("manage.sources.try")).inputValue();
  await page
    .getByRole("button", { name: t("action.close") })
    .first()
    .click();

  const { page: reader } = await as("member", "/?feed=all");
  const before = await reader.getByText(name).count();
  expect(before).toBe(0);
  expect(JSON.parse(await shell(line))).toMatchObject({ ok: true, activity_created: 1 });
  await reader.reload();
  await expect(reader.getByRole("listitem").filter({ hasText: name })).toContainText("Hello");

  const row = page.getByRole("listitem").filter({ hasText: name });
  await row.getByRole("button", { name: t("manage.sources.actions", { name }) }).click();
  await page.getByRole("menuitem", { name: t("manage.sources.edit") }).click();
  await dialog.getByRole("textbox", { name: t("manage.webhooks.name") }).fill(`${name} 2`);
  await dialog.getByRole("button", { name: t("action.save") }).click();
  await expect(page.getByText(`${name} 2`)).toBeVisible();
  await row.getByRole("button", { name: t("manage.sources.actions", { name: `${name} 2` }) }).click();
  await page.getByRole("menuitem", { name: t("manage.delete") }).click();
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: t("manage.delete") })
    .click();
  await expect(row).toHaveCount(0);
});

journey("a webhook is made, changed, tried out and deleted", async ({ t, as }) => {
  const name = unique("Bot");
  const { page } = await as("admin", "/manage/webhooks");
  await page.getByRole("button", { name: t("manage.webhooks.add"), exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: t("manage.webhooks.name") }).fill(name);
  await dialog.getByRole("textbox", { name: t("manage.webhooks.url") }).fill("https://bot.invalid/hooks");
  await dialog.getByText("voting.poll.opened", { exact: true }).click();
  await dialog.getByRole("button", { name: t("manage.webhooks.add"), exact: true }).click();
  await expect(page.getByRole("textbox", { name: t("manage.secret"), exact: true })).toHaveValue(/^whsec_/);
  await page
    .getByRole("button", { name: t("action.close") })
    .first()
    .click();

  await page.getByRole("link", { name }).click();
  await page.getByRole("button", { name: t("manage.webhooks.edit"), exact: true }).click();
  await dialog.getByText("events.event.created", { exact: true }).click();
  await dialog.getByRole("textbox", { name: t("manage.webhooks.url") }).fill("https://other.invalid/hooks");
  await dialog.getByRole("button", { name: t("action.save") }).click();
  await expect(page.getByRole("main").getByText("events.event.created")).toBeVisible();
  await expect(page.getByText("other.invalid")).toBeVisible();

  await page.getByRole("button", { name: t("manage.webhooks.test") }).click();
  const sent = page.getByRole("listitem").filter({ hasText: "webhook.test" });
  await expect(sent).toContainText("unknown_host");
  await sent.getByRole("button").click();
  await expect(dialog.getByText("unknown_host").first()).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: t("manage.delete"), exact: true }).click();
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: t("manage.delete") })
    .click();
  await expect(page.getByRole("heading", { level: 1, name: t("manage.webhooks") })).toBeVisible();
  await expect(page.getByRole("link", { name })).toHaveCount(0);
});
