import { expect, journey } from "../journey.ts";
import { gamingOrigin, names } from "../people.ts";

const sections = ["/", "/communities", "/polls", "/people"];
const owned = /\/(?:c|t|polls|posts)\/([0-9a-f-]{36})/g;

journey(
  "another space of the same person shows nothing of the first one",
  async ({ t, as }) => {
    const { page } = await as("admin");
    const things = new Set<string>();
    for (const section of sections) {
      await page.goto(section);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForLoadState("networkidle");
      for (const [, id = ""] of (await page.content()).matchAll(owned)) things.add(id);
    }
    expect(things.size).toBeGreaterThan(10);
    await page.goto("/communities");
    const cards = page.getByRole("main").getByRole("heading", { level: 3 });
    await expect(cards.filter({ hasText: "Chess & Tea" })).toBeVisible();
    const communities = await cards.allInnerTexts();
    const there = await page
      .getByRole("main")
      .getByRole("link")
      .evaluateAll((links) => links.map((l) => l.getAttribute("href") ?? ""));
    const first = there.find((h) => h.startsWith("/c/")) ?? "";
    expect(first).not.toBe("");

    await page.getByRole("button", { name: t("shell.tenant", { name: "" }).trim() }).click();
    await page.getByRole("menuitem", { name: "Улица автоматов" }).click();
    await expect(page).toHaveURL(new RegExp(`^${gamingOrigin}/`));
    await expect(page.getByRole("navigation", { name: t("nav.label") }).first()).toBeVisible(); // signed in without being asked
    const { origin } = new URL(page.url());
    for (const section of sections) {
      await page.goto(origin + section);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForLoadState("networkidle");
      const html = await page.content();
      expect([...html.matchAll(owned)].map(([, id = ""]) => id).filter((id) => things.has(id))).toEqual([]);
      for (const text of [...communities, names.member, names.second, names.root]) await expect(page.getByText(text)).toHaveCount(0);
    }
    await page.goto(origin + first); // by its address either
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(t("error.page.missing"));
  },
  /status of 404/,
);
