import type { ReactNode } from "react";
import { Link } from "react-aria-components/Link";

interface TextLinkProps {
  href: string;
  className?: string;
  /** Whether it leads to where one is. */
  current?: boolean;
  /** Before it leads there. */
  onPress?: () => void;
  children: ReactNode;
}

/** A link in text, or around a row. Inside of the application it does not reload the page (RouterProvider of React Aria). */
export function TextLink({ href, className = "link", current, onPress, children }: TextLinkProps) {
  return (
    <Link className={className} href={href} {...(current && { "aria-current": "page" as const })} {...(onPress && { onPress })}>
      {children}
    </Link>
  );
}
