import { colourStyle } from "../art/colours.tsx";
import { patchOf } from "../art/designs.ts";
import { charges, patches } from "../art/parts.tsx";
import { cx } from "../cx/cx.tsx";

interface PatchProps {
  id: string;
  size?: "s" | "l" | "xl";
  /** The metal of its rim; without one the rim has the colour of the patch. */
  tier?: "none" | "bronze" | "silver" | "gold" | "platinum";
}

/** A sewn patch: an achievement. Decorative: its name stands beside it, and so does the word for its tier. */
export function Patch({ id, size, tier = "none" }: PatchProps) {
  const p = patchOf(id);
  const shape = patches[p.shape];
  return (
    <svg className={cx("patch", size, tier !== "none" && `rim-${tier}`)} viewBox="0 0 96 96" aria-hidden="true">
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

/** Where a patch will be: only its stitch. */
export function Unsewn({ size }: Pick<PatchProps, "size">) {
  const { edge, inner } = patches.hex;
  return (
    <svg className={cx("patch", size)} viewBox="0 0 96 96" aria-hidden="true">
      <path className="unsewn" d={edge} />
      <path className="unsewn" d={inner} />
    </svg>
  );
}
