import { useQuery } from "@tanstack/react-query";
import type { Group } from "@updspace/kit/groups.tsx";
import { PersonName, PersonStack } from "@updspace/kit/people.tsx";
import { FormattedList, FormattedMessage } from "react-intl";
import { ownersQuery } from "./queries.ts";

/** Who can act for a group, for those who cannot. */
export function WhoCan({ group }: { group: Group }) {
  const { data } = useQuery(ownersQuery(group.id));
  if (!data || data.items.length === 0) return null;
  const ids = data.items.slice(0, 3).map((m) => m.user_id);
  return (
    <span className="line small">
      <PersonStack people={ids} />
      <span>
        <FormattedMessage
          id="groups.whoCan"
          values={{
            people: (
              <FormattedList
                type="conjunction"
                value={ids.map((id) => (
                  <PersonName key={id} id={id} />
                ))}
              />
            ),
          }}
        />
      </span>
    </span>
  );
}
