import type { portal } from "@updspace/api";
import { Person } from "@updspace/kit/people.tsx";
import { FakeServer } from "@updspace/kit/testing/server.ts";
import { afterEach, expect, test, vi } from "vitest";
import { render } from "vitest-browser-react";
import { Frame } from "./testing.tsx";

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

afterEach(() => vi.unstubAllGlobals());

function directory() {
  const asked: string[][] = [];
  const server = new FakeServer<portal.paths>().on("get", "/api/v1/portal/people/lookup", (_, request) => {
    const ids = (new URL(request.url).searchParams.get("ids") ?? "").split(",");
    asked.push(ids);
    const known = ids.filter((i) => i !== id(0));
    return {
      people: known.map((i) => ({
        user_id: i,
        display_name: `Person ${Number(i.slice(-4))}`,
        username: null,
        avatar_url: null,
        status: i === id(7) ? ("left" as const) : ("active" as const),
      })),
    };
  });
  vi.stubGlobal("fetch", server.fetch);
  return asked;
}

test("many people on a page are one request, each asked for once, and none again", async () => {
  const asked = directory();
  const ids = Array.from({ length: 30 }, (_, n) => id(n % 20));
  const all = (more: string[]) => [...ids, ...more].map((i, n) => <Person key={n} id={i} />);
  const screen = await render(<div>{all([])}</div>, { wrapper: Frame });
  await expect.element(screen.getByText("Person 19")).toBeVisible();
  await expect.element(screen.getByText("Former member").first()).toBeVisible();
  expect(asked.map((a) => a.length)).toEqual([20]);
  await screen.rerender(<div>{all([id(21)])}</div>);
  await expect.element(screen.getByText("Person 21")).toBeVisible();
  expect(asked.slice(1)).toEqual([[id(21)]]);
});

test("a person who has left the space is shown as such", async () => {
  directory();
  const screen = await render(
    <ul>
      {[6, 7].map((n) => (
        <li key={n}>
          <Person id={id(n)} />
        </li>
      ))}
    </ul>,
    { wrapper: Frame },
  );
  await expect.element(screen.getByRole("listitem").filter({ hasText: "Person 7" }).getByText("former member")).toBeVisible();
  await expect.element(screen.getByRole("listitem").filter({ hasText: "Person 6" }).getByText("former member")).not.toBeInTheDocument();
});

test("more people than one request takes are asked for in parts", async () => {
  const asked = directory();
  const screen = await render(
    <div>
      {Array.from({ length: 130 }, (_, n) => (
        <Person key={n} id={id(n + 1)} />
      ))}
    </div>,
    { wrapper: Frame },
  );
  await expect.element(screen.getByText("Person 130")).toBeVisible();
  expect(asked.map((a) => a.length)).toEqual([100, 30]);
});
