import { Link } from "react-aria-components/Link";
import { cx } from "../cx/cx.tsx";

export interface Step {
  /** Left out for a step that one cannot go back to. */
  href?: string;
  /** "3. Game of the year, answered": the whole name, as the mark has no words. */
  name: string;
  done?: boolean;
  current?: boolean;
}

/** Where one is in a row of steps, as notched marks; each leads to its step. */
export function Steps({ label, steps }: { label: string; steps: readonly Step[] }) {
  return (
    <nav className="steps" aria-label={label}>
      {steps.map((s) =>
        s.href === undefined ? (
          <span key={s.name} className={cx(s.done && "done")}>
            <i />
          </span>
        ) : (
          <Link
            key={s.name}
            href={s.href}
            aria-label={s.name}
            className={cx(s.done && "done")}
            {...(s.current && { "aria-current": "step" })}
          >
            <i />
          </Link>
        ),
      )}
    </nav>
  );
}
