// Every pair of colours that the look puts together, for 72 hues, 4 chromas and both themes (WCAG 2.2, 1.4.3 and 1.4.11).
import { expect, test } from "vitest";
import "./index.css";

const text = 4.5;
const edge = 3;

const pairs: [front: string, back: string, least: number][] = [
  ["on-accent", "accent-solid", text],
  ["accent", "bg", text],
  ["accent", "surface", text],
  ["accent", "raised", text],
  ["accent", "accent-soft", text],
  ["text", "bg", text],
  ["text", "surface", text],
  ["text", "sunken", text],
  ["text", "accent-soft", text],
  ["muted", "bg", text],
  ["muted", "surface", text],
  ["muted", "raised", text],
  ["muted", "sunken", text],
  ["tag-text", "tag", text],
  ["m1", "t1", 7],
  ["m1-quiet", "t1", 7],
  ["t1", "m1", 7],
  ["m1", "m2", 7],
  ["line-strong", "surface", edge],
  ["line-strong", "bg", edge],
  ["danger", "surface", text],
  ["danger", "danger-soft", text],
  ["ok", "surface", text],
  ["ok", "ok-soft", text],
  ["warn", "surface", text],
  ["warn", "warn-soft", text],
  ["on-accent", "danger-solid", text],
];

const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

/** Relative luminance, as WCAG defines it. */
function luminance(probe: HTMLElement, token: string): number {
  if (!canvas) throw new Error("no canvas");
  probe.style.color = `var(--${token})`;
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = getComputedStyle(probe).color;
  canvas.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0] = canvas.getImageData(0, 0, 1, 1).data;
  const linear = (c: number) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

for (const theme of ["light", "dark"]) {
  test(`colours keep their contrast in the ${theme} theme`, () => {
    document.documentElement.dataset["theme"] = theme;
    const probe = document.createElement("div");
    probe.className = "colours";
    document.body.append(probe);
    const bad: string[] = [];
    for (let hue = 0; hue < 360; hue += 5) {
      for (const chroma of [0, 0.06, 0.12, 0.17]) {
        probe.style.setProperty("--hue", String(hue));
        probe.style.setProperty("--chroma", String(chroma));
        const seen = new Map<string, number>();
        const of = (token: string) => {
          const known = seen.get(token) ?? luminance(probe, token);
          seen.set(token, known);
          return known;
        };
        for (const [front, back, least] of pairs) {
          const is = contrast(of(front), of(back));
          if (is < least) bad.push(`${front} on ${back}: ${is.toFixed(2)} at hue ${hue}, chroma ${chroma}`);
        }
      }
    }
    probe.remove();
    expect(bad).toEqual([]);
  });
}
