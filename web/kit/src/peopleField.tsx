import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { PeoplePicker } from "@updspace/ui/PeoplePicker";
import { useState } from "react";
import { useIntl } from "react-intl";
import { ok, portal } from "./api.ts";
import { useSettled } from "./settled.ts";

const most = 12;

interface PeopleFieldProps {
  label: string;
  help?: string;
  error?: string | undefined;
  /** Only members of this group. */
  within?: { kind: "COMMUNITY" | "TEAM"; id: string };
  /** Who is not on offer. */
  except?: readonly string[];
  onPick: (id: string | undefined) => void;
}

/** Chooses a member of the tenant, or of a group. */
export function PeopleField({ label, help, error, within, except = [], onPick }: PeopleFieldProps) {
  const intl = useIntl();
  const [query, setQuery] = useState("");
  const q = useSettled(query.trim());
  const place = within && (within.kind === "COMMUNITY" ? { community_id: within.id } : { team_id: within.id });
  const { data, isFetching } = useQuery({
    queryKey: ["/api/v1/portal/people", "field", q, within?.id],
    queryFn: ({ signal }) => ok(portal.GET("/api/v1/portal/people", { params: { query: { q, ...place, limit: most } }, signal })),
    placeholderData: keepPreviousData,
  });
  const found = (data?.items ?? [])
    .filter((p) => !except.includes(p.user_id))
    .map((p) => ({
      id: p.user_id,
      name: p.display_name ?? p.username ?? intl.formatMessage({ id: "person.unknown" }),
      note: p.username === null ? undefined : `@${p.username}`,
      src: p.avatar_url,
    }));
  return (
    <PeoplePicker
      label={label}
      help={help}
      error={error}
      query={query}
      onQuery={setQuery}
      found={found}
      onPick={(id) => {
        const chosen = found.find((f) => f.id === id);
        if (chosen) setQuery(chosen.name);
        onPick(id);
      }}
      empty={intl.formatMessage({ id: isFetching ? "people.searching" : "people.notFound" })}
      openLabel={intl.formatMessage({ id: "people.open" })}
    />
  );
}
