// How well words can be read in the colours of a space, measured on the tokens themselves.

export const pairs = [
  { name: "button", front: "on-accent", back: "accent-solid" },
  { name: "link", front: "accent", back: "bg" },
  { name: "cover", front: "m1", back: "t1" },
] as const;

/** What WCAG 2.2 AA asks of text. */
export const enough = 4.5;

export interface Figure {
  name: (typeof pairs)[number]["name"];
  ratio: number;
}

/** Relative luminance, as WCAG defines it, of a colour that the browser has computed. */
function luminance(context: CanvasRenderingContext2D, colour: string): number {
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
  const linear = (c: number) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** The contrast of each pair in colours of a hue and a chroma, in the theme of the element. */
export function figuresIn(element: HTMLElement, { hue, chroma }: { hue: number; chroma: number }): Figure[] {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return [];
  const probe = element.appendChild(document.createElement("span"));
  probe.className = "colours";
  probe.style.setProperty("--hue", String(hue));
  probe.style.setProperty("--chroma", String(chroma));
  const of = (token: string) => {
    probe.style.color = `var(--${token})`;
    return luminance(context, getComputedStyle(probe).color);
  };
  const figures = pairs.map(({ name, front, back }) => {
    const [a, b] = [of(front), of(back)];
    return { name, ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) };
  });
  probe.remove();
  return figures;
}
