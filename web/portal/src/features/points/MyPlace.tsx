import { useQuery } from "@tanstack/react-query";
import { gamification, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { inWords } from "@updspace/kit/texts.ts";
import { Skeleton } from "@updspace/ui/Skeleton";
import { Switch } from "@updspace/ui/Switch";
import { FormattedMessage, useIntl } from "react-intl";
import { Entries } from "./Entries.tsx";
import { LevelBar } from "./LevelBar.tsx";
import css from "./points.module.css";
import { mineQuery, placeQuery, pointsKey, type Board } from "./queries.ts";
import { Row } from "./Row.tsx";

/** Where I stand on a board and between whom, my level, and whether I want to be ranked at all. */
export function MyPlace({ board }: { board: Board }) {
  const intl = useIntl();
  const { data: place } = useQuery(placeQuery(board));
  const { data: mine } = useQuery(mineQuery);
  if (!mine || !place) return <Skeleton label={intl.formatMessage({ id: "loading" })} />;
  return (
    <aside className="vstack" aria-label={intl.formatMessage({ id: "points.mine" })}>
      <section className="card" aria-labelledby="mine">
        <div className="card-head">
          <h2 id="mine">
            <FormattedMessage id="points.mine" />
          </h2>
        </div>
        <div className={css["mine"]}>
          <p className={css["big"]}>
            <span className="display num">{intl.formatNumber(place.points)}</span>{" "}
            <FormattedMessage id="points.word" values={{ n: place.points }} />
          </p>
          <p className="muted">
            {place.rank !== null ? (
              <FormattedMessage id="points.rank.mine" values={{ rank: place.rank }} />
            ) : (
              <FormattedMessage id={mine.ranked ? "points.rank.none" : "points.rank.out"} />
            )}
          </p>
          {mine.level && (
            <p className="line">
              <span className="tag plain">
                <FormattedMessage id="points.level.n" values={{ n: mine.level.number }} />
              </span>
              <bdi className="strong">{inWords(mine.level.title_i18n, intl.locale)}</bdi>
            </p>
          )}
          {mine.next && mine.missing !== null && (
            <LevelBar points={mine.points} from={mine.level?.points ?? 0} next={mine.next} missing={mine.missing} />
          )}
        </div>
        {place.around.length > 1 && (
          <ol className="rows" aria-label={intl.formatMessage({ id: "points.around" })}>
            {place.around.map((r) => (
              <Row key={r.user_id} ranked={r} />
            ))}
          </ol>
        )}
      </section>
      <Ranking ranked={mine.ranked} />
      <Entries />
    </aside>
  );
}

/** Whether I am on leaderboards. */
function Ranking({ ranked }: { ranked: boolean }) {
  const intl = useIntl();
  const save = useAction({
    run: (on: boolean, headers) => ok(gamification.PATCH("/api/v1/gamification/me/points", { body: { ranked: on }, headers })),
    stale: [[pointsKey]],
    done: (now) => intl.formatMessage({ id: now.ranked ? "points.ranked.on" : "points.ranked.off" }),
  });
  return (
    <div className="card rows">
      <Switch
        label={intl.formatMessage({ id: "points.ranked" })}
        help={intl.formatMessage({ id: "points.ranked.help" })}
        checked={ranked}
        disabled={save.pending}
        onChange={(on) => save.start(on)}
      />
      <ActionError error={save.error} />
    </div>
  );
}
