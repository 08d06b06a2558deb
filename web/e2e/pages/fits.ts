// Whether a page has room for what it shows. Run in the page.

/** What makes the page scroll sideways: the elements that end beyond the window. */
export function sideways(): string[] {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const beyond = [...document.body.querySelectorAll("*:not(svg, svg *)")].filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5);
  const names = beyond.map(
    (e) => `${e.tagName.toLowerCase()}.${e.getAttribute("class") ?? ""} "${(e.textContent ?? "").trim().slice(0, 40)}"`,
  );
  return names.length > 0 ? names.slice(0, 8) : ["nothing that can be named"];
}

/** Texts of buttons, tabs, menus and navigation that are cut or stick out, unless they end in an ellipsis on purpose. */
export function cutTexts(): string[] {
  const controls = 'button, a.btn, nav a, [role="button"], [role="menuitem"], [role="tab"], .choice > label, .tabs > a';
  /** Whether it is for screen readers only: itself or something around it is clipped to nothing. */
  const unseen = (e: Element | null): boolean => e !== null && (getComputedStyle(e).clipPath === "inset(50%)" || unseen(e.parentElement));
  const hidden = (e: Element) => !e.checkVisibility({ visibilityProperty: true }) || unseen(e) || e.closest("[aria-hidden=true]") !== null;
  const ellipsis = (e: Element) => getComputedStyle(e).textOverflow === "ellipsis" && getComputedStyle(e).whiteSpace === "nowrap";
  const spills = (e: Element) => {
    const inline = getComputedStyle(e).display.startsWith("inline") && e.clientWidth === 0; // has no box of its own
    return !inline && !ellipsis(e) && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1);
  };
  /** Whether a box around it shows less of it than there is, and cannot be scrolled. */
  const clipped = (e: Element) => {
    const { left, right } = e.getBoundingClientRect();
    for (let box = e.parentElement; box !== null && box !== document.body; box = box.parentElement) {
      const { overflowX, position } = getComputedStyle(box);
      if (overflowX === "auto" || overflowX === "scroll") return false;
      const edge = box.getBoundingClientRect();
      if ((overflowX === "hidden" || overflowX === "clip") && (left < edge.left - 1 || right > edge.right + 1)) return true;
      if (position === "fixed") break;
    }
    return false;
  };
  const found: string[] = [];
  for (const control of document.querySelectorAll(controls)) {
    const text = control.textContent?.trim() ?? "";
    if (text === "" || hidden(control)) continue;
    const parts = [control, ...control.querySelectorAll("*:not(svg, svg *)")].filter((e) => e.textContent?.trim() !== "" && !hidden(e));
    if (parts.some(spills) || clipped(control)) found.push(`${control.tagName.toLowerCase()} "${text.slice(0, 80)}"`);
  }
  return found;
}
