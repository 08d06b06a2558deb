import { memo } from "react";
import { colourStyle } from "../art/colours.tsx";
import { helmOf, type HelmDesign } from "../art/designs.ts";
import { crests, heads, shoulders, visors } from "../art/helmParts.tsx";
import { fields } from "../art/parts.tsx";
import { cx } from "../cx/cx.tsx";

interface HelmProps {
  /** The person's id, from which the helm is drawn. */
  id: string;
  /** The uploaded picture, which replaces the drawing. */
  src?: string | null | undefined;
  size?: "s" | "m" | "l" | "xl";
}

/** A person. Round means a person, always. Decorative: the name stands beside it. */
export const Helm = memo(function Helm({ id, src, size }: HelmProps) {
  const className = cx("helm", size);
  if (src) return <img className={className} src={src} alt="" loading="lazy" decoding="async" />;
  return (
    <svg className={className} viewBox="0 0 64 64" aria-hidden="true">
      <HelmParts design={helmOf(id)} />
    </svg>
  );
});

/** The drawing itself. `bust` leaves the field out: a person standing in a crowd. */
export function HelmParts({ design, bust }: { design: HelmDesign; bust?: boolean }) {
  const band = design.crest === "band"; // a band lies over the head, every other crest behind it
  return (
    <g className={cx("colours helmet", design.scheme)} style={colourStyle(design)}>
      {!bust && fields[design.field]}
      {shoulders}
      {!band && crests[design.crest]}
      {heads[design.head]}
      {band && crests.band}
      {design.head === "hood" ? (
        <g className="hood-eyes">
          <circle cx="27" cy="36" r="2.5" />
          <circle cx="37" cy="36" r="2.5" />
        </g>
      ) : (
        visors[design.visor]
      )}
    </g>
  );
}
