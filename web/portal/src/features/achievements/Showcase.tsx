import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useIntl, FormattedMessage } from "react-intl";
import { pictureOf } from "@updspace/kit/achievementPicture.ts";
import { Patch, Unsewn } from "@updspace/ui/Patch";
import { TextLink } from "@updspace/ui/TextLink";
import { useSession } from "../../session.ts";
import css from "./achievements.module.css";
import { heldQuery, pinnedQuery, type Held } from "./grantQueries.ts";
import { ProgressBar } from "./Progress.tsx";
import { achievementsByID, progressQuery, soon, type Progress } from "./ruleQueries.ts";
import { ExportAll, OwnPages, ShareButton } from "./Share.tsx";
import { useAlt, useTexts } from "./words.tsx";

const PinsDialog = lazy(async () => ({ default: (await import("./PinsDialog.tsx")).PinsDialog }));

const nearest = 3;
const places = 6; // in one row of a wide window

/** What a person has been given: patches sewn on a strip of cloth, those that the person has pinned first. Nothing is said of others who have none. */
export function Showcase({ id }: { id: string }) {
  const intl = useIntl();
  const own = useSession().user.id === id;
  // A rule grants while the page is open.
  const { data: progress = [] } = useQuery({
    ...progressQuery,
    enabled: own,
    refetchInterval: ({ state }) => (state.data?.length ? soon : false),
  });
  const { data } = useQuery({ ...heldQuery(own ? undefined : id), refetchInterval: progress.length > 0 && soon });
  const { data: pinned } = useQuery(pinnedQuery(own ? undefined : id));
  const [pinning, setPinning] = useState(false);
  if (!data || (data.items.length === 0 && !own)) return null;
  const held = latest([...(pinned?.items ?? []), ...data.items]);
  return (
    <section className={`sewing ${css["showcase"]}`} aria-labelledby="sewn-on">
      <div className={css["showcaseHead"]}>
        <h2 id="sewn-on">
          <FormattedMessage id="achievements.showcase" />
        </h2>
        <span className="label">
          {held.length > 0 &&
            intl.formatMessage({ id: "achievements.showcase.count" }, { n: held.length, more: String(data.next_cursor !== null) })}
        </span>
        {own && pinned && held.length > 1 && (
          <button type="button" className={css["all"]} onClick={() => setPinning(true)}>
            <FormattedMessage id="achievements.pins.choose" />
          </button>
        )}
        <TextLink href="/achievements" className={css["all"] ?? ""}>
          <FormattedMessage id="achievements.showcase.all" />
        </TextLink>
      </div>
      {held.length === 0 ? (
        <div className={css["unsewn"]}>
          {Array.from({ length: places }, (_, i) => (
            <Unsewn key={i} size="l" />
          ))}
          <p>
            <FormattedMessage id="achievements.showcase.none" />
          </p>
        </div>
      ) : (
        <ul className={css["sewn"]}>
          {held.map((h) => (
            <Sewn key={h.grant.id} held={h} own={own} />
          ))}
        </ul>
      )}
      {own && held.length > 0 && <ExportAll />}
      {own && <OwnPages />}
      {own && <OnTheWay progress={progress.filter((p) => !p.met && p.have > 0).slice(0, nearest)} />}
      {pinning && pinned && (
        <Suspense>
          <PinsDialog pinned={pinned.items} held={latest(data.items)} onClose={() => setPinning(false)} />
        </Suspense>
      )}
    </section>
  );
}

/** What the person is nearest to get by a rule. */
function OnTheWay({ progress }: { progress: readonly Progress[] }) {
  const texts = useTexts();
  const { data: achievements } = useQuery(achievementsByID(progress.map((p) => p.achievement_id)));
  const found = progress.flatMap((p) => {
    const achievement = achievements?.find((a) => a.id === p.achievement_id);
    return achievement ? [{ ...p, achievement }] : [];
  });
  if (found.length === 0) return null;
  return (
    <div className={css["onTheWay"]}>
      <h3>
        <FormattedMessage id="achievements.showcase.next" />
      </h3>
      <ul>
        {found.map(({ achievement: a, have, need }) => (
          <li key={a.id}>
            <TextLink href={`/achievements/${a.id}`} className="small strong">
              <bdi>{texts(a.name_i18n)}</bdi>
            </TextLink>
            <ProgressBar have={have} need={need} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Each achievement once: what can be had again and again is shown with its last grant. */
function latest(items: readonly Held[]): Held[] {
  return items.filter((h, i) => items.findIndex((other) => other.achievement.id === h.achievement.id) === i);
}

function Sewn({ held, own }: { held: Held; own: boolean }) {
  const { grant, achievement: a } = held;
  const intl = useIntl();
  const texts = useTexts();
  const alt = useAlt()(a);
  return (
    <li>
      <Patch id={a.id} tier={a.tier} size="l" src={pictureOf(a.images, "medium")} label={alt} />
      <TextLink href={`/achievements/${a.id}`} className="small strong">
        <bdi>{texts(a.name_i18n)}</bdi>
      </TextLink>
      <span className="label two-lines">
        {grant.reason === null ? (
          intl.formatDate(grant.created_at, { day: "numeric", month: "long", year: "numeric" })
        ) : (
          <bdi>{grant.reason}</bdi>
        )}
      </span>
      {own && <ShareButton held={held} small />}
    </li>
  );
}
