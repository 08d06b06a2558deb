import type { ReactNode } from "react";
import { cloths } from "../art/cloths.tsx";
import { colourStyle } from "../art/colours.tsx";
import { clothOf, flagOf, type Colours } from "../art/designs.ts";
import { cx } from "../cx/cx.tsx";

interface CoverProps {
  /** The id of the owner, from which the cloth is drawn. */
  id: string;
  label: string;
  src?: string | null | undefined;
  /** The owner's colours; those of its flag by default. `page` keeps the colours of the page (the tenant's own cover). */
  colours?: Partial<Colours> | "page" | undefined;
  size?: "slim" | "tall" | "guest";
  /** What stands on the cloth at its lower edge, such as a crowd. */
  front?: ReactNode;
  /** All words; they stand on the hoist and never on the cloth. */
  children: ReactNode;
}

/** A cover: words on the flat hoist, cloth in the owner's colours beside it. */
export function Cover({ id, label, src, colours, size, front, children }: CoverProps) {
  return (
    <section
      className={cx("cover", size, colours !== "page" && "colours")}
      style={colours === "page" ? undefined : colourStyle(flagOf(id, colours))}
      aria-label={label}
    >
      <div className="hoist">{children}</div>
      <div className="fly" aria-hidden="true">
        {src ? (
          <img src={src} alt="" />
        ) : (
          <svg viewBox="0 0 800 300" preserveAspectRatio="xMaxYMid slice">
            {cloths[clothOf(id)]()}
          </svg>
        )}
        {front}
      </div>
    </section>
  );
}

/** The cloth alone, for a card. */
export function ClothStrip({ id, colours, src }: { id: string; colours?: Partial<Colours> | undefined; src?: string | null | undefined }) {
  if (src) return <img className="cloth" src={src} alt="" loading="lazy" />;
  return (
    <svg
      className="cloth colours"
      style={colourStyle(flagOf(id, colours))}
      viewBox="0 0 800 300"
      preserveAspectRatio="xMaxYMid slice"
      aria-hidden="true"
    >
      {cloths[clothOf(id)]()}
    </svg>
  );
}
