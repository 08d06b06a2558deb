import type { CSSProperties } from "react";
import type { Colours } from "./designs.ts";

/** The style that gives an element with the class `colours` a hue and chroma of its own. */
export function colourStyle({ hue, chroma }: Colours): CSSProperties {
  return { "--hue": String(hue), "--chroma": String(chroma) } as CSSProperties; // React's type knows no custom properties
}
