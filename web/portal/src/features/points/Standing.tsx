import { useQuery } from "@tanstack/react-query";
import { inWords } from "@updspace/kit/texts.ts";
import { TextLink } from "@updspace/ui/TextLink";
import { Trophy } from "lucide-react";
import { FormattedMessage, useIntl } from "react-intl";
import { useSession } from "../../session.ts";
import { LevelBar } from "./LevelBar.tsx";
import css from "./points.module.css";
import { mineQuery, pointsOfQuery } from "./queries.ts";

/** The points and the level of a person, on the profile. Nothing is said of others who show none, or have none. */
export function Standing({ id }: { id: string }) {
  return useSession().user.id === id ? <Own /> : <Others id={id} />;
}

function Own() {
  const { data: mine } = useQuery(mineQuery);
  if (!mine) return null;
  return (
    <section className={`card pad ${css["standing"]}`} aria-labelledby="standing">
      <Words points={mine.points} level={mine.level} />
      {mine.next && mine.missing !== null && (
        <LevelBar points={mine.points} from={mine.level?.points ?? 0} next={mine.next} missing={mine.missing} />
      )}
    </section>
  );
}

function Others({ id }: { id: string }) {
  const { data } = useQuery(pointsOfQuery(id));
  if (!data?.points) return null;
  return (
    <section className={`card pad ${css["standing"]}`} aria-labelledby="standing">
      <Words points={data.points} level={data.level} />
    </section>
  );
}

function Words({ points, level }: { points: number; level: { number: number; title_i18n: Record<string, string> } | null }) {
  const intl = useIntl();
  return (
    <div className="line">
      <Trophy className="i" aria-hidden="true" />
      <h2 id="standing" className={css["points"]}>
        <FormattedMessage id="points.n" values={{ n: points }} />
      </h2>
      {level && (
        <span className="line">
          <span className="tag plain">
            <FormattedMessage id="points.level.n" values={{ n: level.number }} />
          </span>
          <bdi>{inWords(level.title_i18n, intl.locale)}</bdi>
        </span>
      )}
      <TextLink href="/achievements/leaderboard" className="link end">
        <FormattedMessage id="points.board" />
      </TextLink>
    </div>
  );
}
