// The only place that puts HTML into the page. The server has sanitised it (libs/markdown); the Trusted Types policy lets nothing else in.
import { useLayoutEffect, useRef } from "react";
import { cx } from "../cx/cx.tsx";

interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML: (html: string) => string }): { createHTML(html: string): unknown };
}

let policy: { createHTML(html: string): unknown } | undefined;

function trusted(html: string): string {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes; // not in TypeScript's DOM library
  if (!types) return html;
  policy ??= types.createPolicy("server-html", { createHTML: (h) => h });
  return policy.createHTML(html) as string; // a TrustedHTML, which innerHTML takes
}

export function ServerHtml({ html, className }: { html: string; className?: string }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!box.current) return;
    box.current.innerHTML = trusted(html);
    // The boxes of a task list get the words beside them as their name.
    for (const task of box.current.querySelectorAll("input")) task.setAttribute("aria-label", task.parentElement?.textContent.trim() ?? "");
  }, [html]);
  return <div ref={box} className={cx("prose", className)} dir="auto" />;
}
