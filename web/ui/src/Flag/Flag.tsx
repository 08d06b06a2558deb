import { memo } from "react";
import { colourStyle } from "../art/colours.tsx";
import { flagOf, type Colours } from "../art/designs.ts";
import { charges, fields } from "../art/parts.tsx";
import { cx } from "../cx/cx.tsx";

interface FlagProps {
  id: string;
  /** The shape says what it is the flag of. */
  of: "tenant" | "community" | "team";
  src?: string | null | undefined;
  /** The owner's own colours, when chosen. */
  colours?: Partial<Colours> | undefined;
  size?: "s" | "l";
  /** On the hoist of a cover a flag is bright, so that it stands out from the deep ground. */
  onHoist?: boolean;
}

const shapes = { tenant: "", community: "swallow", team: "pennant" };
// The charge keeps to the part of the cloth that the shape leaves: 64 x 64 units, moved and scaled.
const places = { tenant: "translate(8 8) scale(.75)", community: "translate(6 11) scale(.65)", team: "translate(1 18) scale(.44)" };

/** A square flag is a tenant's, a swallowtail a community's, a triangle a team's. Decorative: the name stands beside it. */
export const Flag = memo(function Flag({ id, of, src, colours, size, onHoist }: FlagProps) {
  const className = cx("flag", shapes[of], size);
  if (src) return <img className={className} src={src} alt="" loading="lazy" decoding="async" />;
  const design = flagOf(id, colours);
  return (
    <svg className={className} viewBox="0 0 64 64" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <g className={cx("colours", onHoist ? "bright" : design.scheme)} style={colourStyle(design)}>
        {fields[design.field]}
        <g transform={places[of]}>{charges[design.charge]}</g>
      </g>
    </svg>
  );
});
