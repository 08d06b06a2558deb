import { expect, found, journey, named, choose, statusOf, unique } from "../journey.ts";
import type { Words } from "../journey.ts";
import type { Page } from "@playwright/test";
import { picture } from "../picture.ts";

/** Writes a post with a picture in the open form, and returns the address of the picture. */
async function publish(page: Page, t: Words, text: string): Promise<string> {
  await page.getByLabel(t("posts.text"), { exact: true }).fill(text);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: t("posts.attach") }).click();
  await (await chooser).setFiles({ name: "map.png", mimeType: "image/png", buffer: picture });
  await expect(page.getByRole("button", { name: t("posts.file.remove", { name: "map.png" }) })).toBeVisible();
  await page.getByRole("button", { name: t("posts.publish") }).click();
  const post = page.getByRole("article").filter({ hasText: text });
  await expect(post).toBeVisible();
  const image = post.getByRole("img", { name: t("posts.picture", { name: "map.png" }) });
  await expect(image).toBeVisible();
  const address = (await image.getAttribute("src")) ?? "";
  expect(await statusOf(page, address)).toBe(200);
  return address;
}

journey(
  "a private post with a picture is seen by its author and by nobody else",
  async ({ t, as }) => {
    const text = unique("A treasure map");
    const author = await as("member", "/?write=true");
    await choose(author.page, author.page.getByRole("button", { name: named(t("posts.place")) }), named(t("posts.place.private")));
    const address = await publish(author.page, t, text);

    for (const reader of [await as("second"), await as()]) {
      await expect(reader.page.getByRole("article").first()).toBeVisible();
      await expect(reader.page.getByText(text)).toHaveCount(0);
      expect([401, 404]).toContain(await statusOf(reader.page, address));
    }
  },
  /status of (404|401)/,
);

journey(
  "a post in a community is read by its members; others and guests see neither it nor its picture",
  async ({ t, as }) => {
    const name = unique("Cartographers");
    const text = unique("The north passage");
    const owner = await as("admin", "/communities?found=true");
    await found(owner.page, t, name);
    const community = new URL(owner.page.url()).pathname;
    await owner.page
      .getByRole("main")
      .getByRole("button", { name: t("posts.ask", { place: name }) })
      .click();
    const address = await publish(owner.page, t, text);
    const post = await owner.page
      .getByRole("article")
      .filter({ hasText: text })
      .getByRole("link")
      .evaluateAll((links) => links.map((l) => l.getAttribute("href") ?? "").find((h) => h.startsWith("/posts/")) ?? "");

    const member = await as("second", community);
    await expect(member.page.getByText(t("posts.closed.title"))).toBeVisible();
    await member.page.getByRole("button", { name: t("groups.join") }).click();
    await expect(member.page.getByRole("article").filter({ hasText: text })).toBeVisible();
    expect(await statusOf(member.page, address)).toBe(200);

    const other = await as("member", community);
    await expect(other.page.getByText(t("posts.closed.title"))).toBeVisible();
    await expect(other.page.getByText(text)).toHaveCount(0);
    expect(await statusOf(other.page, address)).toBe(404);
    await other.page.goto(post);
    await expect(other.page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(other.page.getByText(text)).toHaveCount(0);

    const guest = await as(undefined, "/");
    await expect(guest.page.getByRole("article").first()).toBeVisible();
    await expect(guest.page.getByText(text)).toHaveCount(0);
    expect([401, 404]).toContain(await statusOf(guest.page, address));
    await guest.page.goto(post);
    await expect(guest.page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(guest.page.getByText(text)).toHaveCount(0);
  },
  /status of (404|401|403)/,
);
