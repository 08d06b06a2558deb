import { addAuthenticator, appCode } from "../authenticator.ts";
import { expect, journey, signIn } from "../journey.ts";
import { idOrigin } from "../people.ts";

// Other journeys sign in as the others of the demo data, without a second step. Both languages run at once, so each has a person of its own.
const cast = { en: "player1@aef.test", ru: "player2@aef.test" };

journey(
  "a passkey: registered, signs in from the field and by the button, and is the second step after a password",
  async ({ id, language, as }) => {
    const email = cast[language];
    const { page } = await as(undefined, `${idOrigin}/account/security`);
    await addAuthenticator(page);
    await signIn(page, email, id);
    await expect(page.getByRole("heading", { level: 1, name: id("nav.security") })).toBeVisible();
    await page.getByRole("button", { name: id("passkeys.add") }).click();
    const row = page.getByRole("listitem").filter({ hasText: id("passkeys.name", { number: 1 }) });
    await expect(row).toContainText(id("passkeys.unused"));

    // The browser offers the passkey in the field; the device answers for the person.
    await page.context().clearCookies({ name: "sessionid" });
    await page.goto(`${idOrigin}/account/security`);
    await expect(row).toBeVisible();
    await expect(row).not.toContainText(id("passkeys.unused"));

    // By the button, in a browser that offers nothing in fields.
    await page.addInitScript(() => {
      PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
    });
    await page.context().clearCookies({ name: "sessionid" });
    await page.goto(`${idOrigin}/account/security`);
    await page.getByRole("button", { name: id("signin.passkey") }).click();
    await expect(row).toBeVisible();

    // With recovery codes the password asks for a second step.
    await page.getByRole("button", { name: id("codes.make") }).click();
    await expect(page.getByRole("list", { name: id("codes.title") }).getByRole("listitem")).toHaveCount(10);
    await expect(page.getByText(id("score.done"))).toBeVisible();
    await page.context().clearCookies({ name: "sessionid" });
    await page.goto(`${idOrigin}/account/security`);
    await signIn(page, email, id);
    await page.getByRole("button", { name: id("check.passkey") }).click();
    await expect(row).toBeVisible();

    await row.getByRole("button", { name: id("passkeys.remove") }).click();
    await page
      .getByRole("alertdialog")
      .getByRole("button", { name: id("passkeys.remove"), exact: true })
      .click();
    await expect(page.getByText(id("passkeys.none"))).toBeVisible();
  },
  /status of 40[013]/,
);

journey(
  "an authenticator app: set up, asked for after the password, a recovery code in its place, and removed",
  async ({ id, language, as }) => {
    const email = { en: "player3@aef.test", ru: "player4@aef.test" }[language];
    const { page } = await as(undefined, `${idOrigin}/account/security`);
    await signIn(page, email, id);
    await page.getByRole("button", { name: id("app.add") }).click();
    await expect(page.getByRole("img", { name: id("app.qr") })).toBeVisible();
    const secret = await page.getByText(/^[A-Z2-7]{32}$/).innerText();
    await page.getByLabel(id("check.code")).fill(appCode(secret));
    await page.getByRole("button", { name: id("app.confirm") }).click();
    const codes = page.getByRole("list", { name: id("codes.title") }).getByRole("listitem");
    await expect(codes).toHaveCount(10);
    const [first = ""] = await codes.allInnerTexts();

    await page.context().clearCookies({ name: "sessionid" });
    await page.goto(`${idOrigin}/account/security`);
    await signIn(page, email, id);
    await expect(page.getByLabel(id("check.code"))).toBeFocused();
    await page.getByLabel(id("check.code")).fill("000000");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("alert")).toContainText(id("check.wrong"));
    await page.getByLabel(id("check.code")).fill(appCode(secret, 1));
    await page.keyboard.press("Enter");
    await expect(page.getByText(id("app.on"))).toBeVisible();

    await page.context().clearCookies({ name: "sessionid" });
    await page.goto(`${idOrigin}/account/security`);
    await signIn(page, email, id);
    await page.getByRole("button", { name: id("check.recovery") }).click();
    await page.getByLabel(id("check.recoveryCode")).fill(first);
    await page.keyboard.press("Enter");
    await expect(codes).toHaveCount(10);
    await page.getByRole("button", { name: id("check.go") }).click();
    await page.getByRole("button", { name: id("app.remove") }).click();
    await expect(page.getByRole("button", { name: id("app.add") })).toBeVisible();
  },
  /status of 40[013]/,
);
