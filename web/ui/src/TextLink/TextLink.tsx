import type { ReactNode } from "react";
import { Link } from "react-aria-components/Link";

interface TextLinkProps {
  href: string;
  className?: string;
  /** Whether it leads to where one is. */
  current?: boolean;
  children: ReactNode;
}

/** A link in text, or around a row. Inside of the application it does not reload the page (RouterProvider of React Aria). */
export function TextLink({ href, className = "link", current, children }: TextLinkProps) {
  return (
    <Link className={className} href={href} {...(current && { "aria-current": "page" as const })}>
      {children}
    </Link>
  );
}
