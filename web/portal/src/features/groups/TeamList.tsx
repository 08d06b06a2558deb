import { Plus } from "lucide-react";
import type { Group } from "@updspace/kit/groups.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { Button } from "@updspace/ui/Button";
import { Choice } from "@updspace/ui/Choice";
import { EmptyState } from "@updspace/ui/EmptyState";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { FoundDialog } from "./FoundDialog.tsx";
import { GroupRow } from "./GroupCard.tsx";
import { teamPages } from "./queries.ts";

/** The teams of a community. */
export function TeamList({ community, mayFound }: { community: Group; mayFound: boolean }) {
  const intl = useIntl();
  const [founding, setFounding] = useState(false);
  const [status, setStatus] = useState<"active" | "archived">("active");
  const query = usePages(teamPages(community.id, status));
  const found = mayFound && community.status === "active" && (
    <Button onPress={() => setFounding(true)}>
      <Plus className="i s" aria-hidden="true" />
      <FormattedMessage id="groups.found.team" />
    </Button>
  );
  return (
    <>
      <div className="line">
        <Choice
          label={intl.formatMessage({ id: "groups.status" })}
          value={status}
          onChange={setStatus}
          choices={[
            { id: "active", name: intl.formatMessage({ id: "groups.active" }) },
            { id: "archived", name: intl.formatMessage({ id: "groups.inArchive" }) },
          ]}
        />
        <span className="end">{found}</span>
      </div>
      <PagedList
        query={query}
        empty={
          <div className="card">
            <EmptyState
              shape="team"
              title={intl.formatMessage({ id: status === "active" ? "groups.teams.none" : "groups.teams.noneArchived" })}
            >
              {intl.formatMessage({ id: "groups.teams.none.text" })}
            </EmptyState>
          </div>
        }
      >
        {(teams) => (
          <div className="card rows">
            {teams.map((t) => (
              <GroupRow key={t.id} group={t} />
            ))}
          </div>
        )}
      </PagedList>
      {founding && <FoundDialog within={community.id} onClose={() => setFounding(false)} />}
    </>
  );
}
