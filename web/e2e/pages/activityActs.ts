// What a person does with news to bring a page into a state.
import { button, type Act } from "./acts.ts";

export const writeNews: Act = async (page, t) => {
  await button(page, t("news.ask", { tenant: "Маяк" })).click();
  await page.getByRole("textbox", { name: t("news.text"), exact: true }).waitFor();
};

/** Adds a video, and states an address that has none. */
export const video: Act = async (page, t) => {
  for (const address of ["https://youtu.be/dQw4w9WgXcQ", "https://example.com/none"]) {
    await button(page, t("news.video.add")).click();
    await page.getByRole("textbox", { name: t("news.video.address") }).fill(address);
    await page.keyboard.press("Enter");
  }
  await page.getByText(t("news.video.wrong")).waitFor();
};
