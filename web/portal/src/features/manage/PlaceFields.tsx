// Where a role or a right shall count. Apart from places.tsx, since fields weigh more than words.
import { useQuery } from "@tanstack/react-query";
import { Select } from "@updspace/ui/Select";
import { useIntl } from "react-intl";
import { communitiesQuery, teamsQuery, type Scope } from "./queries.ts";

const whole = "whole";

export interface Place {
  community: string;
  team: string;
}

export const wholeSpace: Place = { community: whole, team: whole };

export function scopeAt(place: Place, tenant: string): Scope {
  if (place.community === whole) return { type: "TENANT", id: tenant };
  return place.team === whole ? { type: "COMMUNITY", id: place.community } : { type: "TEAM", id: place.team };
}

interface PlaceFieldsProps {
  value: Place;
  onChange: (place: Place) => void;
  error?: string | undefined;
}

/** Chooses the whole space, a community, or one of its teams. */
export function PlaceFields({ value, onChange, error }: PlaceFieldsProps) {
  const intl = useIntl();
  const communities = useQuery(communitiesQuery).data ?? [];
  const inCommunity = value.community !== whole;
  const teams = useQuery({ ...teamsQuery(value.community), enabled: inCommunity }).data ?? [];
  return (
    <>
      <Select
        label={intl.formatMessage({ id: "manage.place" })}
        value={value.community}
        error={error}
        onChange={(community) => onChange({ community, team: whole })}
        choices={[
          { id: whole, name: intl.formatMessage({ id: "manage.place.whole" }) },
          ...communities.map((c) => ({ id: c.id, name: c.name })),
        ]}
      />
      {inCommunity && teams.length > 0 && (
        <Select
          label={intl.formatMessage({ id: "manage.place.team" })}
          value={value.team}
          onChange={(team) => onChange({ ...value, team })}
          choices={[
            { id: whole, name: intl.formatMessage({ id: "manage.place.community" }) },
            ...teams.map((t) => ({ id: t.id, name: t.name })),
          ]}
        />
      )}
    </>
  );
}
