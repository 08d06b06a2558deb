import { expect, journey, named, people, signIn, unique } from "../journey.ts";

journey(
  "the network goes and comes back, and nothing that was written is lost",
  async ({ t, as }) => {
    const text = unique("Written in a tunnel");
    const { page, context } = await as("member", "/?write=true");
    await page.getByLabel(t("posts.text"), { exact: true }).fill(text);
    await context.setOffline(true);
    await expect(page.getByText(t("offline.banner"))).toBeVisible();
    await page.getByRole("button", { name: t("posts.publish") }).click();
    await expect(page.getByText(t("error.NETWORK"))).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByText(t("offline.banner"))).toBeHidden();
    await page.reload();
    await expect(page.getByLabel(t("posts.text"), { exact: true })).toHaveValue(text);
    await page.getByRole("button", { name: t("posts.publish") }).click();
    await expect(page.getByRole("article").getByText(text)).toBeVisible();
  },
  /ERR_INTERNET_DISCONNECTED|Unable to preload CSS/, // the rest of a page that arrives while there is no network
);

journey(
  "a session that ends elsewhere: sign in again in a pop-up, and the post is published",
  async ({ t, id, as }) => {
    const text = unique("Half a sentence");
    const { page, context } = await as(undefined, "/");
    await page
      .getByRole("link", { name: t("shell.signIn"), exact: true })
      .first()
      .click();
    await signIn(page, people.second, id);
    await expect(page.getByRole("navigation", { name: t("nav.label") }).first()).toBeVisible();
    await page.goto("/?write=true");
    await page.getByLabel(t("posts.text"), { exact: true }).fill(text);

    const elsewhere = await context.newPage();
    await elsewhere.goto("/");
    await elsewhere.getByRole("button", { name: named(t("account.button", { name: "" })) }).click();
    await elsewhere.getByRole("menuitem", { name: t("account.signOut") }).click();
    await expect(elsewhere.getByRole("link", { name: t("shell.signIn"), exact: true }).first()).toBeVisible();
    await elsewhere.close();

    await page.getByRole("button", { name: t("posts.publish") }).click();
    const again = page.getByRole("alertdialog", { name: t("again.title") });
    await expect(again).toBeVisible();
    const popup = context.waitForEvent("page");
    await page.getByRole("button", { name: t("again.button") }).click();
    await signIn(await popup, people.second, id);
    await expect(again).toBeHidden();
    await expect(page.getByRole("article").getByText(text)).toBeVisible();
  },
  /status of (401|403)/, // without a session, and with the CSRF token of the one before
);

journey("two tabs: what one writes, the other shows", async ({ t, as }) => {
  const text = unique("From the other tab");
  const { page, context } = await as("member");
  await expect(page.getByRole("article").first()).toBeVisible();
  const other = await context.newPage();
  await other.goto("/?write=true");
  await other.getByLabel(t("posts.text"), { exact: true }).fill(text);
  await other.getByRole("button", { name: t("posts.publish") }).click();
  await expect(other.getByRole("article").getByText(text)).toBeVisible();
  await page.bringToFront();
  await expect(page.getByRole("article").getByText(text)).toBeVisible();
});
