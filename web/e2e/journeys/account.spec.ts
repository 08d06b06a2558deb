import { expect, journey, people, signIn, unique } from "../journey.ts";
import { idOrigin, password } from "../people.ts";
import { picture } from "../picture.ts";

journey(
  "signing in with a wrong password, then the right one, and signing out where one is asked",
  async ({ id, as }) => {
    const { page } = await as(undefined, `${idOrigin}/account/sessions`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(id("signin.title"));
    await expect(page.getByLabel(id("signin.email"))).toBeFocused();
    await page.getByLabel(id("signin.email")).fill(people.second);
    await page.getByLabel(id("signin.password"), { exact: true }).fill("not the password");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("alert")).toContainText(id("error.INVALID_CREDENTIALS"));
    await expect(page.getByLabel(id("signin.password"), { exact: true })).toBeFocused();
    await page.keyboard.type(password);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 2, name: id("sessions.current") })).toBeVisible();
    await expect(page).toHaveURL(`${idOrigin}/account/sessions`);
    await page.goto(`${idOrigin}/logout`);
    await page.getByRole("link", { name: id("signout.stay") }).click();
    await expect(page.getByRole("heading", { level: 1, name: id("nav.profile") })).toBeVisible();
    await page.goto(`${idOrigin}/logout`);
    await page.getByRole("button", { name: id("signout.button") }).click();
    await expect(page.getByRole("heading", { level: 1, name: id("signedout.title") })).toBeVisible();
    await page.getByRole("link", { name: id("signin.button") }).click();
    await expect(page.getByLabel(id("signin.email"))).toBeFocused();
  },
  /status of 401/,
);

const machines = {
  en: { userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", browser: "Firefox", os: "Windows" },
  ru: {
    userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
    browser: "Safari",
    os: "macOS",
  },
};

journey("an account: another name, a picture, and a session on another device that is ended", async ({ id, language, as }) => {
  const { userAgent, browser, os } = machines[language];
  const email = language === "en" ? people.root : "outsider@gaming.test"; // both languages run at once
  const { page } = await as(undefined, `${idOrigin}/account`);
  await signIn(page, email, id);
  const name = unique("Rowan");
  const field = page.getByRole("textbox", { name: id("profile.firstName"), exact: true });
  const before = await field.inputValue();
  await field.fill(name);
  await page.getByRole("button", { name: id("action.save") }).click();
  await expect(page.getByText(id("saved"), { exact: true })).toBeVisible();
  await page.reload();
  await expect(field).toHaveValue(name);
  await field.fill(before);
  await page.getByRole("button", { name: id("action.save") }).click();
  await expect(page.getByText(id("saved"), { exact: true })).toBeVisible();

  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: id("avatar.choose") }).click();
  await (await chooser).setFiles({ name: "me.png", mimeType: "image/png", buffer: picture });
  await page
    .getByRole("region", { name: id("avatar.title") })
    .getByRole("button", { name: id("action.save") })
    .click();
  await expect(page.getByText(id("avatar.saved"))).toBeVisible();
  await page.reload();
  await page.getByRole("button", { name: id("avatar.remove") }).click();
  await expect(page.getByText(id("avatar.removed"))).toBeVisible();

  const other = await as(undefined, `${idOrigin}/account/sessions`, { userAgent });
  await signIn(other.page, email, id);
  await expect(other.page.getByRole("heading", { level: 2, name: id("sessions.current") })).toBeVisible();

  await page
    .getByRole("link", { name: id("nav.sessions") })
    .first()
    .click();
  const device = page
    .getByRole("main")
    .getByRole("listitem")
    .filter({ hasText: id("sessions.name", { browser, os }) });
  await device.getByRole("button", { name: id("sessions.end") }).click();
  await expect(page.getByText(id("sessions.ended", { name: id("sessions.name", { browser, os }) }))).toBeVisible();
  await expect(device).toHaveCount(0);

  await other.page.reload();
  await expect(other.page.getByLabel(id("signin.email"), { exact: true })).toBeVisible();
});
