import { colourStyle } from "../art/colours.tsx";
import { patchOf } from "../art/designs.ts";
import { charges, patches } from "../art/parts.tsx";
import { cx } from "../cx/cx.tsx";

/** A sewn patch: an achievement. Decorative: its name stands beside it. */
export function Patch({ id, size }: { id: string; size?: "s" | "l" }) {
  const p = patchOf(id);
  const shape = patches[p.shape];
  return (
    <svg className={cx("patch", size)} viewBox="0 0 96 96" aria-hidden="true">
      <g className="colours dark" style={colourStyle(p)}>
        <path className="rim" d={shape.edge} />
        <path className="fa" d={shape.inner} />
        <path className="fb" d={shape.half} />
        <path className="stitch" d={shape.inner} />
        <g transform="translate(24 24) scale(.75)">{charges[p.charge]}</g>
      </g>
    </svg>
  );
}
