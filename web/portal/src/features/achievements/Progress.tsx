import { FormattedMessage } from "react-intl";
import type { CSSProperties } from "react";
import css from "./achievements.module.css";

/** "3 of 5", with a bar that says the same. */
export function ProgressBar({ have, need }: { have: number; need: number }) {
  const style = { "--v": `${Math.min(100, (100 * have) / need)}%` } as CSSProperties; // React's type knows no custom properties
  return (
    <span className={css["progress"]}>
      <span className="bar" aria-hidden="true">
        <i style={style} />
      </span>
      <span className="small num">
        <FormattedMessage id="achievements.progress" values={{ have, need }} />
      </span>
    </span>
  );
}
