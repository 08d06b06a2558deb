import { expect, journey, unique } from "../journey.ts";

journey("news are kept as a draft, published, answered and reported, and a moderator deals with it", async ({ t, as }) => {
  const title = unique("Finals");
  const { page: author } = await as("second");
  await author.goto("/news/new");
  await author.getByRole("textbox", { name: t("news.title") }).fill(title);
  await author.getByRole("textbox", { name: t("news.text"), exact: true }).fill("At **seven**");
  await author.getByRole("button", { name: t("news.keep") }).click();
  await expect(author.getByText(t("news.draft"))).toBeVisible();
  await author.goto(`${author.url()}?edit=true`);
  await author.getByRole("button", { name: t("news.publish"), exact: true }).click();
  await expect(author.getByRole("heading", { name: title })).toBeVisible();
  await expect(author.getByText(t("news.draft"))).toHaveCount(0);
  const address = author.url();

  const { page: reader } = await as("member");
  await reader.goto(address);
  await reader.getByRole("textbox", { name: t("news.comment.label") }).fill("Count me in");
  await reader.getByRole("button", { name: t("news.comment.send"), exact: true }).click();
  await expect(reader.getByText("Count me in")).toBeVisible();
  await reader.getByRole("button", { name: t("news.react") }).click();
  await reader.getByRole("menuitem", { name: "🔥" }).click();
  await expect(reader.getByRole("button", { name: "🔥" })).toHaveAttribute("aria-pressed", "true");
  await reader.getByRole("button", { name: t("news.actions", { title }) }).click();
  await reader.getByRole("menuitem", { name: t("news.report"), exact: true }).click();
  await reader.getByRole("button", { name: t("news.report.send") }).click();
  await expect(reader.getByText(t("news.report.done"))).toBeVisible();

  const { page: moderator } = await as("admin");
  await moderator.goto("/news/moderation");
  const report = moderator.getByRole("listitem").filter({ hasText: title });
  await report.getByRole("link", { name: title }).click();
  await moderator.getByRole("button", { name: t("news.actions", { title }) }).click();
  await moderator.getByRole("menuitem", { name: t("news.hide"), exact: true }).click();
  await moderator.getByRole("textbox", { name: t("news.why") }).fill("advertising");
  await moderator.getByRole("button", { name: t("news.hide"), exact: true }).click();
  await expect(moderator.getByText(t("news.hidden", { reason: "advertising" }))).toBeVisible();
  await moderator.goto("/news/moderation");
  await report.getByRole("button", { name: t("news.report.upheld") }).click();
  await expect(report).toHaveCount(0);
});
