import "@updspace/ui/styles.css";
import { IntlProvider } from "react-intl";
import { expect, test } from "vitest";
import { render } from "vitest-browser-react";
import { Readability } from "./Dye.tsx";

/** The figures that the page shows, by their place. */
async function figures(hue: number, chroma: number): Promise<number[]> {
  const screen = await render(
    <IntlProvider locale="en-GB" onError={() => undefined}>
      <Readability dye={{ hue, chroma }} />
    </IntlProvider>,
  );
  const texts = screen.container.querySelectorAll(".state");
  const shown = [...texts].map((t) => Number.parseFloat(t.textContent ?? ""));
  await screen.unmount();
  return shown;
}

test("the contrast is measured again for every colour, and every colour can be read", async () => {
  const all: number[][] = [];
  for (const hue of [30, 110, 200, 290]) all.push(await figures(hue, 0.17)); // one after the other: one page shows them
  const grey = await figures(30, 0);
  for (const shown of [...all, grey]) {
    expect(shown).toHaveLength(3);
    for (const ratio of shown) expect(ratio).toBeGreaterThanOrEqual(4.5);
  }
  expect(new Set(all.map(String)).size).toBe(all.length); // not one figure for all hues
});
