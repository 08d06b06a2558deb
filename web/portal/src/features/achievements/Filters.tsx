import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { myGroupsQuery } from "@updspace/kit/groups.tsx";
import { SearchField } from "@updspace/ui/SearchField";
import { lazy, Suspense, useEffect, useState } from "react";
import { useIntl } from "react-intl";
import css from "./achievements.module.css";
import type { Category } from "./queries.ts";
import type { AchievementsSearch } from "./search.ts";
import { useTexts } from "./words.tsx";

// The first paint needs none of it: a quarter of the scripts of this page.
const Select = lazy(async () => ({ default: (await import("@updspace/ui/Select")).Select }));

const pause = 300; // milliseconds without a keystroke before it is searched
const all = "all";

/** What narrows the catalogue: a text while one writes, a category, and whose achievements they are. All of it stands in the address. */
export function Filters({ search, categories }: { search: AchievementsSearch; categories: readonly Category[] }) {
  const intl = useIntl();
  const texts = useTexts();
  const navigate = useNavigate();
  const groups = useQuery(myGroupsQuery).data ?? [];
  const change = (part: Partial<AchievementsSearch>) => void navigate({ to: "/achievements", search: { ...search, ...part } });
  const places = [{ id: all, name: intl.formatMessage({ id: "achievements.place.all" }) }, ...groups.map(({ id, name }) => ({ id, name }))];
  return (
    <div className={css["filters"]}>
      <TextSearch search={search} />
      <Filter
        label={intl.formatMessage({ id: "achievements.category" })}
        value={search.category ?? all}
        choices={[
          { id: all, name: intl.formatMessage({ id: "achievements.category.all" }) },
          ...categories.map((c) => ({ id: c.id, name: texts(c.name_i18n) })),
        ]}
        onChange={(id) => change({ category: id === all ? undefined : id })}
      />
      <Filter
        label={intl.formatMessage({ id: "achievements.sort" })}
        value={search.sort ?? "newest"}
        choices={(["newest", "rarest"] as const).map((id) => ({ id, name: intl.formatMessage({ id: `achievements.sort.${id}` }) }))}
        onChange={(id) => change({ sort: id === "rarest" ? id : undefined })}
      />
      {groups.length > 0 && (
        <Filter
          label={intl.formatMessage({ id: "achievements.place" })}
          value={search.community ?? search.team ?? all}
          choices={places}
          onChange={(id) => {
            const kind = groups.find((g) => g.id === id)?.kind;
            change({ community: kind === "COMMUNITY" ? id : undefined, team: kind === "TEAM" ? id : undefined });
          }}
        />
      )}
    </div>
  );
}

interface FilterProps {
  label: string;
  value: string;
  choices: { id: string; name: string }[];
  onChange: (id: string) => void;
}

function Filter({ label, value, choices, onChange }: FilterProps) {
  return (
    <Suspense fallback={<span className="input select">{choices.find((c) => c.id === value)?.name}</span>}>
      <Select label={label} hideLabel value={value} onChange={onChange} choices={choices} />
    </Suspense>
  );
}

function TextSearch({ search }: { search: AchievementsSearch }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const [text, setText] = useState(search.q ?? "");
  const [known, setKnown] = useState(search.q);
  if (known !== search.q) {
    // The address has changed elsewhere: the filters were taken away, or the browser went back.
    setKnown(search.q);
    if (search.q !== (text.trim() || undefined)) setText(search.q ?? "");
  }
  useEffect(() => {
    const q = text.trim() === "" ? undefined : text.trim();
    if (q === search.q) return;
    const timer = setTimeout(() => void navigate({ to: "/achievements", search: { ...search, q }, replace: true }), pause);
    return () => clearTimeout(timer);
  }, [text, search, navigate]);
  return <SearchField label={intl.formatMessage({ id: "achievements.search" })} value={text} onChange={setText} />;
}
