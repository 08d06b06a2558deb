import { Link, useNavigate } from "@tanstack/react-router";
import { SlidersHorizontal, X } from "lucide-react";
import { useGroupName } from "@updspace/kit/groups.tsx";
import { Button } from "@updspace/ui/Button";
import { SearchField } from "@updspace/ui/SearchField";
import { lazy, Suspense, useEffect, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { boot } from "../../session.ts";
import css from "./events.module.css";
import { wide } from "./filter.ts";
import type { EventsSearch } from "./search.ts";

const FilterDialog = lazy(async () => ({ default: (await import("./FilterDialog.tsx")).FilterDialog }));

const pause = 300; // milliseconds without a keystroke before it is searched

/** What narrows the calendar: a text while one writes, more in a dialog, and each filter that is on, to take away. All of it stands in the address. */
export function EventFilters({ search }: { search: EventsSearch }) {
  const [open, setOpen] = useState(false);
  return (
    <div className="vstack s">
      <div className={css["filters"]}>
        <TextSearch search={search} />
        <Button onPress={() => setOpen(true)}>
          <SlidersHorizontal className="i s" aria-hidden="true" />
          <FormattedMessage id="calendar.filters" />
        </Button>
      </div>
      <Chips search={search} />
      {open && (
        <Suspense>
          <FilterDialog search={search} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}

function TextSearch({ search }: { search: EventsSearch }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const [text, setText] = useState(search.q ?? "");
  const [known, setKnown] = useState(search.q);
  if (known !== search.q) {
    // The address has changed elsewhere: a filter was taken away, or the browser went back.
    setKnown(search.q);
    if (search.q !== (text.trim() || undefined)) setText(search.q ?? "");
  }
  useEffect(() => {
    const q = text.trim() === "" ? undefined : text.trim();
    if (q === search.q) return;
    const timer = setTimeout(() => void navigate({ to: "/events", search: { ...search, q }, replace: true }), pause);
    return () => clearTimeout(timer);
  }, [text, search, navigate]);
  return <SearchField label={intl.formatMessage({ id: "calendar.search" })} value={text} onChange={setText} />;
}

/** The filters that are on, without the text, which stands in its field. */
function Chips({ search }: { search: EventsSearch }) {
  const intl = useIntl();
  const group = useGroupName(search.community ?? search.team ?? null);
  const day = (d: string) => intl.formatDate(`${d}T00:00:00Z`, { dateStyle: "medium", timeZone: "UTC" });
  const chips: [keyof EventsSearch, string | undefined][] = [
    ["answer", search.answer && intl.formatMessage({ id: `calendar.filter.answer.${search.answer}` })],
    ["space", search.space ? boot.tenant?.name : undefined],
    ["community", search.community && group],
    ["team", search.team && group],
    ["tag", search.tag && intl.formatMessage({ id: "calendar.filter.tag" }, { tag: search.tag })],
    ["game", search.game],
    ["from", search.from && intl.formatMessage({ id: "calendar.filter.from.day" }, { day: day(search.from) })],
    ["to", search.to && intl.formatMessage({ id: "calendar.filter.to.day" }, { day: day(search.to) })],
  ];
  const on = chips.filter(([, text]) => text !== undefined && text !== "");
  if (on.length === 0) return null;
  return (
    <ul className="line" aria-label={intl.formatMessage({ id: "calendar.filters.on" })}>
      {on.map(([key, text]) => (
        <li key={key}>
          <Link
            to="/events"
            search={{ ...search, [key]: undefined }}
            className="btn s soft"
            aria-label={intl.formatMessage({ id: "calendar.filter.remove" }, { filter: text })}
          >
            <bdi>{text}</bdi>
            <X className="i s" aria-hidden="true" />
          </Link>
        </li>
      ))}
      <li>
        <Link to="/events" search={wide(search)} className="btn s quiet">
          {intl.formatMessage({ id: "calendar.filters.clear" })}
        </Link>
      </li>
    </ul>
  );
}
