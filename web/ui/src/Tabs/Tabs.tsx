import { TextLink } from "../TextLink/TextLink.tsx";

export interface Tab {
  href: string;
  name: string;
  /** How many are behind it. */
  count?: number | undefined;
  current: boolean;
}

/** The parts of a page, each with an address of its own. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav className="tabs" aria-label={label}>
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
