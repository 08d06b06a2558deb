import type { Page } from "@playwright/test";

/** Collects what a browser complains about: console errors, exceptions, refusals of the content security policy. */
export function watch(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (m) => {
    if (m.type() === "error" || m.type() === "warning") complaints.push(m.text());
  });
  page.on("pageerror", (e) => complaints.push(String(e)));
  return complaints;
}
