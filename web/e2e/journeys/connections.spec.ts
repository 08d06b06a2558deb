import { expect, journey, people, signIn } from "../journey.ts";
import { idOrigin } from "../people.ts";

// Both languages run at once, so each has people and accounts of its own.
const cast = {
  en: { first: people.root, second: people.second },
  ru: { first: "outsider@gaming.test", second: people.admin },
};

/** A SteamID64 that no other run uses. */
const steamID = () => String(76561197960265728n + BigInt(1 + Math.floor(Math.random() * 4_000_000_000)));

journey(
  "linked accounts: Steam is linked, refused to another person, signs in, and is unlinked",
  async ({ id, language, as }) => {
    const { first, second } = cast[language];
    const account = steamID();
    const link = new RegExp(`^${id("connections.link")}`);
    const unlink = new RegExp(`^${id("connections.unlink")}`);

    const { page } = await as(undefined, `${idOrigin}/account`);
    await signIn(page, first, id);
    await page
      .getByRole("link", { name: id("nav.connections") })
      .first()
      .click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(id("nav.connections"));
    const steam = page.getByRole("main").getByRole("listitem").filter({ hasText: "Steam" });
    await expect(steam).toContainText(id("connections.none"));

    // Steam's own page, on which the person changes their mind.
    await steam.getByRole("button", { name: link }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect(page.getByText(id("connections.denied"))).toBeVisible();
    await expect(steam).toContainText(id("connections.none"));

    await steam.getByRole("button", { name: link }).click();
    await page.getByLabel("Another account").fill(account);
    await page.getByRole("button", { name: "Go on", exact: true }).click();
    await expect(page.getByText(id("connections.done", { name: "Steam" }))).toBeVisible();
    await expect(steam).toContainText(account);

    const other = await as(undefined, `${idOrigin}/account/connections`);
    await signIn(other.page, second, id);
    const theirs = other.page.getByRole("main").getByRole("listitem").filter({ hasText: "Steam" });
    await theirs.getByRole("button", { name: link }).click();
    await other.page.getByLabel("Another account").fill(account);
    await other.page.getByRole("button", { name: "Go on", exact: true }).click();
    await expect(other.page.getByRole("alert")).toContainText(id("error.IDENTITY_CONFLICT"));
    await expect(theirs).toContainText(id("connections.none"));

    // A guest signs in with it; with an account that is not linked, the page says what to do.
    const guest = await as(undefined, `${idOrigin}/account/connections`);
    const withSteam = guest.page.getByRole("button", { name: id("signin.with", { name: "Steam" }) });
    await withSteam.click();
    await guest.page.getByLabel("Another account").fill(steamID());
    await guest.page.getByRole("button", { name: "Go on", exact: true }).click();
    await expect(guest.page.getByRole("alert")).toContainText(id("error.IDENTITY_NOT_LINKED"));
    await withSteam.click();
    await guest.page.getByLabel("Another account").fill(account);
    await guest.page.getByRole("button", { name: "Go on", exact: true }).click();
    const its = guest.page.getByRole("main").getByRole("listitem").filter({ hasText: "Steam" });
    await expect(its).toContainText(account);

    // The word of Steam alone changes no way to sign in: the password is asked for.
    await its.getByRole("button", { name: unlink }).click();
    await guest.page
      .getByRole("alertdialog")
      .getByRole("button", { name: id("connections.unlink"), exact: true })
      .click();
    await expect(guest.page.getByRole("heading", { name: id("stepup.title") })).toBeVisible();
    await guest.page.keyboard.press("Escape");

    await steam.getByRole("button", { name: unlink }).click();
    await page
      .getByRole("alertdialog")
      .getByRole("button", { name: id("connections.unlink"), exact: true })
      .click();
    await expect(page.getByText(id("connections.unlinked", { name: "Steam" }))).toBeVisible();
    await expect(steam).toContainText(id("connections.none"));
  },
  /status of 403/,
);
