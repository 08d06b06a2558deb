import type { ReactNode } from "react";
import { Link } from "react-aria-components/Link";
import type { ButtonVariant } from "../Button/Button.tsx";
import { cx } from "../cx/cx.tsx";

interface LinkButtonProps {
  href: string;
  children: ReactNode;
  variant?: ButtonVariant;
  size?: "s" | "big";
  wide?: boolean;
  /** Leaves the application: another host, a file. */
  external?: boolean;
}

/** A link that looks like a button. Inside of the application it does not reload the page (RouterProvider of React Aria). */
export function LinkButton({ href, children, variant = "line", size, wide, external }: LinkButtonProps) {
  const className = cx("btn", variant, size, wide && "wide");
  if (external) {
    return (
      <a className={className} href={href}>
        {children}
      </a>
    );
  }
  return (
    <Link className={className} href={href}>
      {children}
    </Link>
  );
}

/** A link that is only an icon. */
export function LinkIcon({ href, label, children }: { href: string; label: string; children: ReactNode }) {
  return (
    <Link className="icon-btn" href={href} aria-label={label}>
      {children}
    </Link>
  );
}
