import { inWords } from "@updspace/kit/texts.ts";
import type { CSSProperties } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { progress } from "./levels.ts";
import type { Level } from "./queries.ts";

interface LevelBarProps {
  points: number;
  /** Where the level that one has begins. */
  from: number;
  next: Level;
  missing: number;
}

/** How far it is to the next level: a bar, and the same in words. */
export function LevelBar({ points, from, next, missing }: LevelBarProps) {
  const intl = useIntl();
  const style = { "--v": `${100 * progress(points, from, next.points)}%` } as CSSProperties; // React's type knows no custom properties
  return (
    <div className="vstack xs">
      <div className="bar" style={style} aria-hidden="true">
        <i />
      </div>
      <p className="small muted">
        <FormattedMessage id="points.missing" values={{ n: missing, title: <bdi>{inWords(next.title_i18n, intl.locale)}</bdi> }} />
      </p>
    </div>
  );
}
