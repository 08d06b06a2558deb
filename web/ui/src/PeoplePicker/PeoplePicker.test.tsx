import { useState } from "react";
import { afterEach, expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";
import { PeoplePicker } from "./PeoplePicker.tsx";

const people = [
  { id: "1", name: "Ada", src: null },
  { id: "2", name: "Mika", src: null },
];

afterEach(() => scrollTo(0, 0));

function Field({ onPick }: { onPick: (id: string | undefined) => void }) {
  const [query, setQuery] = useState("");
  return (
    <PeoplePicker
      label="Person"
      query={query}
      onQuery={setQuery}
      found={people.filter((p) => p.name.startsWith(query))}
      onPick={onPick}
      empty="None"
      openLabel="Show"
    />
  );
}

async function open(style: React.CSSProperties) {
  const picked: (string | undefined)[] = [];
  const screen = await render(
    <div data-testid="outer" style={style}>
      <div style={{ height: "3000px", paddingTop: "200px" }}>
        <Field onPick={(id) => picked.push(id)} />
      </div>
    </div>,
  );
  await userEvent.click(screen.getByRole("combobox"));
  await expect.element(screen.getByRole("option", { name: "Mika" })).toBeVisible();
  return { screen, picked };
}

const scrolled = (of: EventTarget) => new Promise((done) => of.addEventListener("scroll", done, { once: true }));

test("the list stays at its field when the page scrolls", async () => {
  const { screen, picked } = await open({});
  const field = screen.getByRole("combobox").element();
  const list = screen.getByRole("listbox").element();
  const apart = () => list.getBoundingClientRect().top - field.getBoundingClientRect().bottom;
  const before = { apart: apart(), top: field.getBoundingClientRect().top };
  const moved = scrolled(document);
  scrollTo(0, 100);
  await moved;
  expect(field.getBoundingClientRect().top).toBe(before.top - 100);
  await expect.element(screen.getByRole("listbox")).toBeVisible();
  expect(apart()).toBeCloseTo(before.apart, 0);
  await userEvent.click(screen.getByRole("option", { name: "Mika" }));
  expect(picked.at(-1)).toBe("2");
  await expect.element(screen.getByRole("listbox")).not.toBeInTheDocument();
});

test("the list closes when a part of the page scrolls below it, on Escape, and when the field is left", async () => {
  const { screen } = await open({ height: "400px", overflow: "auto" });
  const list = screen.getByRole("listbox");
  const outer = screen.getByTestId("outer").element();
  const moved = scrolled(outer);
  outer.scrollTop = 50;
  await moved;
  await expect.element(list).not.toBeInTheDocument();
  for (const leave of ["{Escape}", "{Tab}"]) {
    await userEvent.click(screen.getByRole("button", { name: "Show" }));
    await expect.element(list).toBeVisible();
    await userEvent.keyboard(leave);
    await expect.element(list).not.toBeInTheDocument();
  }
});
