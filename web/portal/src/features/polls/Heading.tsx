import { useEffect, useRef, type ReactNode } from "react";

/** The h1 of a screen of a ballot. Screens follow each other at one address, so it takes the focus itself: a screen reader says what is asked. */
export function Heading({ children }: { children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <h1 ref={heading} tabIndex={-1} dir="auto">
      {children}
    </h1>
  );
}
