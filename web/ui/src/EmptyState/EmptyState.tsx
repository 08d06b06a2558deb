import type { ReactNode } from "react";

interface EmptyStateProps {
  title: string;
  /** What this place is for. */
  children?: ReactNode;
  /** One action, or who can act. */
  action?: ReactNode;
  shape?: keyof typeof outlines;
}

// Each is cloth, and the stitch on it.
const outlines = {
  flag: ["M16 8h84L86 42l14 34H16z", "M24 16h64L77 42l11 26H24z"],
  team: ["M16 10l86 32-86 32z", "M16 2v80"],
  post: ["M14 10h88v62H14z", "M26 24h40M26 38h64M26 52h52"],
  date: ["M36 6h44v70L58 62 36 76z", "M46 22h24M52 38h12"],
  people: ["M40 62V40a18 18 0 0 1 36 0v22M18 82c0-14 16-22 40-22s40 8 40 22", "M46 42h24v7H46z"],
  patch: ["M58 4l36 20v36L58 80 22 60V24z", "M58 13l28 16v26L58 71 30 55V29z"],
} as const;

/** Nothing here yet: undyed cloth, what the place is for, and one way on. */
export function EmptyState({ title, children, action, shape = "flag" }: EmptyStateProps) {
  return (
    <div className="empty">
      <svg className="art" viewBox="0 0 116 84" aria-hidden="true">
        {outlines[shape].map((d) => (
          <path key={d} className="unsewn" d={d} />
        ))}
      </svg>
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {action !== undefined && <div className="btns">{action}</div>}
    </div>
  );
}
