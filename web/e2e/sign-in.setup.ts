// Signs the people of the demo data in, once, through the real pages.
import { expect, test } from "@playwright/test";
import { password, people, stateOf, type Role } from "./people.ts";

const roles = Object.keys(people) as Role[]; // Object.keys is typed as string[]

for (const role of roles) {
  test(`sign in as ${role}`, async ({ page }) => {
    await page.goto("/");
    await page.getByRole("link", { name: "Sign in" }).first().click();
    await page.getByLabel("E-mail", { exact: true }).fill(people[role]);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("navigation", { name: "Sections" }).first()).toBeVisible();
    await page.context().storageState({ path: stateOf(role) });
  });
}
