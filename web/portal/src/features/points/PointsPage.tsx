import { PageHead } from "@updspace/ui/PageHead";
import { EmptyState } from "@updspace/ui/EmptyState";
import { useSuspenseQuery } from "@tanstack/react-query";
import { FormattedMessage, useIntl } from "react-intl";
import { LevelsForm } from "./LevelsForm.tsx";
import { levelsQuery } from "./queries.ts";
import { SeasonList } from "./SeasonList.tsx";

/** The levels and the seasons of the space, for those who run them. */
export function PointsPage({ manage }: { manage: boolean }) {
  const intl = useIntl();
  const { data: levels } = useSuspenseQuery(levelsQuery);
  return (
    <>
      <PageHead
        title={intl.formatMessage({ id: "points.manage" })}
        sub={intl.formatMessage({ id: "points.manage.sub" })}
        back={{ href: "/achievements/leaderboard", name: intl.formatMessage({ id: "points.board" }) }}
      />
      {manage ? (
        <div className="vstack">
          <SeasonList />
          <LevelsForm key={levels.version} stored={levels} />
        </div>
      ) : (
        <div className="card">
          <EmptyState shape="patch" title={intl.formatMessage({ id: "points.manage.forbidden" })}>
            <FormattedMessage id="points.manage.who" />
          </EmptyState>
        </div>
      )}
    </>
  );
}
