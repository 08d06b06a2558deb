import { useState } from "react";
import { beforeEach, expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";
import { Menu, MenuButton, MenuItem, MenuSeparator } from "./Menu.tsx";

function Opener() {
  return (
    <MenuButton className="me" label="Open things">
      …
    </MenuButton>
  );
}

function Example() {
  const [done, setDone] = useState("nothing");
  return (
    <>
      <button type="button">before</button>
      <Menu label="Things" trigger={<Opener />}>
        <MenuItem onAction={() => setDone("copied")}>Copy</MenuItem>
        <MenuSeparator />
        <MenuItem onAction={() => setDone("deleted")} danger>
          Delete
        </MenuItem>
      </Menu>
      <output>{done}</output>
    </>
  );
}

const trigger = page.getByRole("button", { name: "Open things" });
const menu = page.getByRole("menu", { name: "Things" });
const item = (name: string) => page.getByRole("menuitem", { name });

beforeEach(async () => {
  await render(<Example />);
});

test("the button says that it has a menu, and a click opens it at once, also the first", async () => {
  await expect.element(trigger).toHaveAttribute("aria-haspopup", "menu");
  await expect.element(trigger).toHaveAttribute("aria-expanded", "false");
  await trigger.click();
  await expect.element(menu).toBeVisible();
  await item("Delete").click();
  await expect.element(menu).not.toBeInTheDocument();
  await expect.element(page.getByRole("status")).toHaveTextContent("deleted");
  await expect.element(trigger).toHaveFocus();
});

for (const [key, first] of [
  ["{Enter}", "Copy"],
  [" ", "Copy"],
  ["{ArrowDown}", "Copy"],
  ["{ArrowUp}", "Delete"],
] as const) {
  test(`the key ${key} opens it at ${first}, Escape closes it, and the button has the focus again`, async () => {
    await page.getByRole("button", { name: "before" }).click();
    await userEvent.keyboard("{Tab}");
    await expect.element(trigger).toHaveFocus();
    await userEvent.keyboard(key);
    await expect.element(item(first)).toHaveFocus();
    await expect.element(page.getByRole("status")).toHaveTextContent("nothing");
    await userEvent.keyboard("{Escape}");
    await expect.element(menu).not.toBeInTheDocument();
    await expect.element(trigger).toHaveFocus();
  });
}

test("arrows move in it and Enter acts", async () => {
  await page.getByRole("button", { name: "before" }).click();
  await userEvent.keyboard("{Tab}{ArrowDown}");
  await expect.element(item("Copy")).toHaveFocus();
  await userEvent.keyboard("{ArrowDown}{Enter}");
  await expect.element(page.getByRole("status")).toHaveTextContent("deleted");
  await expect.element(trigger).toHaveFocus();
});
