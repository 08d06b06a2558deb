import { colourStyle } from "../art/colours.tsx";
import { patchOf } from "../art/designs.ts";
import { charges, patches } from "../art/parts.tsx";
import { useId } from "react";
import { cx } from "../cx/cx.tsx";

interface PatchProps {
  id: string;
  size?: "s" | "l" | "xl";
  /** The metal of its rim; without one the rim has the colour of the patch. */
  tier?: "none" | "bronze" | "silver" | "gold" | "platinum";
  /** The picture that replaces the drawing inside the rim. */
  src?: string | undefined;
  /** What the picture shows. */
  label?: string | undefined;
}

/** A sewn patch: an achievement. Decorative, unless it has a picture with a label: its name stands beside it, and so does the word for its tier. */
export function Patch({ id, size, tier = "none", src, label }: PatchProps) {
  const p = patchOf(id);
  const shape = patches[p.shape];
  const named = src !== undefined && label !== undefined && label !== "";
  return (
    <svg
      className={cx("patch", size, tier !== "none" && `rim-${tier}`)}
      viewBox="0 0 96 96"
      {...(named ? { role: "img", "aria-label": label } : { "aria-hidden": true })}
    >
      <g className="colours dark" style={colourStyle(p)}>
        <path className="rim" d={shape.edge} />
        <path className="fa" d={shape.inner} />
        {src === undefined ? (
          <>
            <path className="fb" d={shape.half} />
            <path className="stitch" d={shape.inner} />
            <g transform="translate(24 24) scale(.75)">{charges[p.charge]}</g>
          </>
        ) : (
          <Picture src={src} d={shape.inner} />
        )}
      </g>
    </svg>
  );
}

/** A picture cut to the shape of the patch. */
function Picture({ src, d }: { src: string; d: string }) {
  const shape = useId();
  return (
    <>
      <clipPath id={shape}>
        <path d={d} />
      </clipPath>
      <image href={src} width="96" height="96" preserveAspectRatio="xMidYMid slice" clipPath={`url(#${shape})`} />
      <path className="stitch" d={d} />
    </>
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
