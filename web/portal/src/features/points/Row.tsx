import { useQuery } from "@tanstack/react-query";
import { Person } from "@updspace/kit/people.tsx";
import { inWords } from "@updspace/kit/texts.ts";
import { FormattedMessage, useIntl } from "react-intl";
import { useSession } from "../../session.ts";
import { levelAt } from "./levels.ts";
import css from "./points.module.css";
import { levelsQuery, type Ranked } from "./queries.ts";

/** A member on a board. Levels are of all points, so they stand on the board of all time only. */
export function Row({ ranked: { rank, user_id, points }, levels = false }: { ranked: Ranked; levels?: boolean }) {
  const intl = useIntl();
  const own = useSession().user.id === user_id;
  const { data } = useQuery(levelsQuery);
  const level = levels && data ? levelAt(data.levels, points) : undefined;
  return (
    <li className={`row ${own ? css["own"] : ""}`} {...(own && { "aria-current": true })}>
      <span className={`num strong ${css["rank"]}`} data-rank={rank}>
        <span className="vh">
          <FormattedMessage id="points.rank" />{" "}
        </span>
        {intl.formatNumber(rank)}
      </span>
      <div className="grow">
        <Person id={user_id} size="s">
          {level && <bdi>{inWords(level.title_i18n, intl.locale)}</bdi>}
        </Person>
      </div>
      <span className="num strong">
        <FormattedMessage id="points.n" values={{ n: points }} />
      </span>
    </li>
  );
}
