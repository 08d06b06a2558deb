import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

interface ErrorPanelProps {
  title: string;
  /** What to do next. */
  children?: ReactNode;
  /** "Request 0192…": what to tell an administrator; selectable. */
  reference?: string | undefined;
  action?: ReactNode;
  /** The whole page failed: the title is its h1. */
  page?: boolean;
}

/** Something did not work, here and now. Announced. */
export function ErrorPanel({ title, children, reference, action, page }: ErrorPanelProps) {
  return (
    <div className="empty" role="alert">
      <TriangleAlert className="i l" aria-hidden="true" />
      {page ? <h1 tabIndex={-1}>{title}</h1> : <h2>{title}</h2>}
      {children !== undefined && <p>{children}</p>}
      {reference !== undefined && <p className="label muted num">{reference}</p>}
      {action !== undefined && <div className="btns">{action}</div>}
    </div>
  );
}
