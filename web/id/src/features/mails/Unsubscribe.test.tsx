import { expect, test, vi } from "vitest";
import { render } from "vitest-browser-react";
import { bootWith, Frame } from "../../testing.tsx";

bootWith({});
const { boot } = await import("../../boot.ts");
const { Unsubscribe } = await import("./Unsubscribe.tsx");

async function show(ended: boolean) {
  boot.forms.mails = { from: "Lighthouse", ended };
  const sent = vi.fn();
  document.addEventListener(
    "submit",
    (e) => {
      e.preventDefault();
      const form = e.target as HTMLFormElement;
      sent(form.method, form.getAttribute("action"), Object.fromEntries(new FormData(form)));
    },
    { once: true },
  );
  return { sent, screen: await render(<Unsubscribe />, { wrapper: Frame }) };
}

test("the button posts to the address of the page", async () => {
  const { screen, sent } = await show(false);
  await expect.element(screen.getByText(/^Lighthouse will send you no more/)).toBeVisible();
  expect(sent).not.toHaveBeenCalled();
  await screen.getByRole("button", { name: "No more mails of this kind" }).click();
  expect(sent).toHaveBeenCalledExactlyOnceWith("post", null, {});
});

test("what was ended can be brought back", async () => {
  const { screen, sent } = await show(true);
  await expect.element(screen.getByRole("heading", { name: "These mails have ended" })).toBeVisible();
  await screen.getByRole("button", { name: "Get them again" }).click();
  expect(sent).toHaveBeenCalledExactlyOnceWith("post", null, { again: "1" });
});
