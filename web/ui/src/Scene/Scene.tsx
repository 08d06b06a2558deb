import { memo, type CSSProperties } from "react";
import { hash } from "../art/hash.ts";
import { scenes, type SceneName } from "../art/scenes.tsx";
import { cx } from "../cx/cx.tsx";

// Sky above and light below, in degrees of hue: pairs that were looked at, as not every pair is an evening.
const skies = [
  [20, 60],
  [265, 55],
  [40, 75],
  [250, 40],
  [215, 60],
  [295, 345],
  [330, 40],
  [285, 60],
  [25, 85],
  [230, 350],
  [340, 80],
  [195, 60],
] as const;

const names: readonly SceneName[] = ["peaks", "sea", "city", "planet", "forest", "dunes", "gate", "road", "cavern", "isles"];

interface SceneProps {
  /** The id from which the scene is drawn: of the thing, or of the row of things that it is the nth of. */
  id: string;
  /** The place in a row, so that neighbours never look the same. */
  nth?: number;
  /** The picture that replaces the drawing. */
  src?: string | undefined;
  /** What it shows, when no name stands beside it. */
  label?: string;
}

/** The picture of a thing: an option, an event. It fills the box around it. */
export const Scene = memo(function Scene({ id, nth = 0, src, label }: SceneProps) {
  if (src) return <img className={cx("scene", "photo")} src={src} alt={label ?? ""} loading="lazy" decoding="async" />;
  const h = hash(id);
  const [hue, hue2] = skies[((h % skies.length) + nth * 5) % skies.length] ?? skies[0]; // 5 steps through all 12
  const name = names[((h >>> 8) + nth) % names.length] ?? "peaks";
  const style = { "--hue": String(hue), "--hue2": String(hue2) } as CSSProperties; // React's type knows no custom properties
  return (
    <svg
      className="scene"
      style={style}
      viewBox="0 0 320 200"
      preserveAspectRatio="xMidYMid slice"
      {...(label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label })}
    >
      {scenes[name]}
    </svg>
  );
});
