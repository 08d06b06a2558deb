import type { ReactNode } from "react";

interface EmptyStateProps {
  title: string;
  /** What this place is for. */
  children?: ReactNode;
  /** One action, or who can act. */
  action?: ReactNode;
  shape?: "flag" | "patch" | "date" | "people";
}

const outlines = {
  flag: (
    <>
      <path className="unsewn" d="M20 12h98l-16 38 16 38H20z" />
      <path className="unsewn" d="M28 20h76l-12 30 12 30H28z" />
    </>
  ),
  patch: (
    <>
      <path className="unsewn" d="M69 8l38 21v42L69 92 31 71V29z" />
      <path className="unsewn" d="M69 17l30 17v32L69 83 39 66V34z" />
    </>
  ),
  date: (
    <>
      <path className="unsewn" d="M39 6h60v86L69 76 39 92z" />
      <path className="unsewn" d="M47 14h44v62L69 66 47 76z" />
    </>
  ),
  people: (
    <>
      <path className="unsewn" d="M69 8c18 12 22 27 21 60H48c-1-33 3-48 21-60z" />
      <path className="unsewn" d="M32 94c0-14 14-22 37-22s37 8 37 22z" />
    </>
  ),
};

/** Nothing here yet: undyed cloth, what the place is for, and one way on. */
export function EmptyState({ title, children, action, shape = "flag" }: EmptyStateProps) {
  return (
    <div className="empty">
      <svg className="art" viewBox="0 0 138 100" aria-hidden="true">
        {outlines[shape]}
      </svg>
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {action !== undefined && <div className="btns">{action}</div>}
    </div>
  );
}
