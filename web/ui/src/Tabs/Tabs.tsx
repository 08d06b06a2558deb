import { TextLink } from "../TextLink/TextLink.tsx";

export interface Tab {
  href: string;
  name: string;
  /** How many are behind it. */
  count?: number | undefined;
  current: boolean;
}

/** Brings the current entry of a row that scrolls sideways into view. */
export function showCurrent(row: HTMLElement | null): void {
  const current = row?.querySelector("[aria-current]");
  if (row && current) row.scrollLeft = current.getBoundingClientRect().right - row.getBoundingClientRect().right;
}

/** The parts of a page, each with an address of its own. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav className="tabs" aria-label={label} ref={showCurrent}>
      {tabs.map((t) => (
        <TabLink key={t.href} {...t} />
      ))}
    </nav>
  );
}

function TabLink({ href, name, count, current }: Tab) {
  return (
    <TextLink className="" href={href} current={current}>
      {name}
      {count !== undefined && <span className="muted label">{count}</span>}
    </TextLink>
  );
}
