import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Check, CircleCheckBig, ExternalLink, Gauge, Hourglass, Layers, Lock, Repeat, Star, Workflow, type LucideIcon } from "lucide-react";
import { pictureOf } from "@updspace/kit/achievementPicture.ts";
import { GroupTag } from "@updspace/kit/groups.tsx";
import { PersonName } from "@updspace/kit/people.tsx";
import { Time } from "@updspace/kit/time.tsx";
import { colourStyle } from "@updspace/ui/art/colours";
import { patchOf } from "@updspace/ui/art/designs";
import { Crumb } from "@updspace/ui/PageHead";
import { Patch } from "@updspace/ui/Patch";
import { TextLink } from "@updspace/ui/TextLink";
import type { ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { AchievementActions } from "./AchievementActions.tsx";
import { Grants } from "./Grants.tsx";
import { RewardRow } from "./Reward.tsx";
import css from "./achievements.module.css";
import { ProgressBar } from "./Progress.tsx";
import { achievementQuery, categoriesQuery, type Achievement } from "./queries.ts";
import { progressQuery, ruleQuery, soon } from "./ruleQueries.ts";
import { RuleState } from "./RuleState.tsx";
import { RuleWords } from "./RuleWords.tsx";
import { ShareOwn } from "./Share.tsx";
import { AchievementState, RarityTag, useAlt, useDescription, useShare, useTexts } from "./words.tsx";

/** An achievement: what it is for, and how one comes by it. */
export function AchievementPage({ id }: { id: string }) {
  const intl = useIntl();
  const texts = useTexts();
  const { data: a } = useSuspenseQuery(achievementQuery(id));
  const { data: categories } = useQuery(categoriesQuery);
  const category = categories?.find((c) => c.id === a.category);
  const description = useDescription()(a);
  const alt = useAlt()(a);
  const share = useShare();
  return (
    <>
      <Crumb href="/achievements" name={intl.formatMessage({ id: "nav.achievements" })} />
      <div className={`sewing colours ${css["hero"]}`} style={colourStyle(patchOf(id))}>
        <Patch id={id} tier={a.tier} size="xl" src={pictureOf(a.images, "large")} label={alt} />
        <div className={css["said"]}>
          {category && (
            <TextLink href={`/achievements?category=${category.id}`} className="inline">
              <bdi>{texts(category.name_i18n)}</bdi>
            </TextLink>
          )}
          <h1 className="display" tabIndex={-1}>
            <bdi>{texts(a.name_i18n)}</bdi>
          </h1>
          {description !== "" && <p dir="auto">{description}</p>}
        </div>
      </div>
      <div className={css["under"]}>
        <div className="line">
          <RarityTag rarity={a.rarity} />
          {a.tier !== "none" && (
            <span className="tag plain">
              <FormattedMessage id={`achievements.tier.${a.tier}`} />
            </span>
          )}
          {a.scope_type !== "TENANT" && <GroupTag id={a.scope_id} />}
          <AchievementState achievement={a} />
          <span className="label muted">
            <FormattedMessage id="achievements.holders" values={{ n: a.holders, share: share(a.held_by) }} />
          </span>
        </div>
        <div className="btns">
          <ShareOwn achievement={a} />
          <AchievementActions achievement={a} />
        </div>
      </div>
      <div className="with-side">
        <div className="vstack">
          <Grants achievement={a} />
          <HowOneGetsIt achievement={a} />
          {a.prerequisites.length > 0 && <Prerequisites ids={a.prerequisites} />}
        </div>
        <Origin achievement={a} />
      </div>
    </>
  );
}

/** How one comes by it, in sentences, and how far the reader is. */
function HowOneGetsIt({ achievement: a }: { achievement: Achievement }) {
  return (
    <section className="card" aria-labelledby="rules">
      <div className="card-head">
        <h2 id="rules">
          <FormattedMessage id="achievements.rules" />
        </h2>
      </div>
      <ul className="rows">
        {a.has_rule && <ByRule achievement={a} />}
        <Rule icon={a.kind === "repeatable" ? Repeat : a.kind === "limited" ? Layers : CircleCheckBig}>
          <FormattedMessage id={`achievements.kind.${a.kind}.rule`} values={{ n: a.max_grants ?? 0 }} />
        </Rule>
        {a.points > 0 && (
          <Rule icon={Star}>
            <FormattedMessage id="achievements.points.rule" values={{ n: a.points }} />
          </Rule>
        )}
        <RewardRow id={a.id} />
        {a.expires_after_days !== null && (
          <Rule icon={Hourglass}>
            <FormattedMessage id="achievements.expires.rule" values={{ days: a.expires_after_days }} />
          </Rule>
        )}
        {a.secret && (
          <Rule icon={Lock}>
            <FormattedMessage id="achievements.secret.rule" />
          </Rule>
        )}
        {a.issuer_daily_limit !== null && a.can_edit && (
          <Rule icon={Gauge}>
            <FormattedMessage id="achievements.limit.rule" values={{ n: a.issuer_daily_limit }} />
          </Rule>
        )}
      </ul>
    </section>
  );
}

/** The rule that grants it, what the rule is doing for those who edit it, and how far the reader is. It changes while the page is open. */
function ByRule({ achievement: a }: { achievement: Achievement }) {
  const { data: rule } = useQuery(ruleQuery(a.id));
  const running = a.status === "published";
  const { data: progress } = useQuery({ ...progressQuery, enabled: running, refetchInterval: soon });
  const mine = progress?.find((p) => p.achievement_id === a.id);
  if (!rule) return null;
  return (
    <Rule icon={Workflow}>
      <span className="vstack xs">
        <span>
          <RuleWords rule={rule.rule} texts={rule.explanation_i18n} />
        </span>
        {a.can_edit && (
          <span>
            <RuleState rule={rule} />
          </span>
        )}
        {mine?.met && (
          <span className="state ok">
            <Check className="i s" aria-hidden="true" />
            <FormattedMessage id="achievements.progress.met" />
          </span>
        )}
        {mine && !mine.met && <ProgressBar have={mine.have} need={mine.need} />}
      </span>
    </Rule>
  );
}

function Rule({ icon: Icon, children }: { icon: LucideIcon; children: ReactNode }) {
  return (
    <li className="row">
      <Icon className="i" aria-hidden="true" />
      <span className="grow">{children}</span>
    </li>
  );
}

/** What one must have before. Those that the reader cannot see are left out. */
function Prerequisites({ ids }: { ids: readonly string[] }) {
  return (
    <section className="card" aria-labelledby="before">
      <div className="card-head">
        <h2 id="before">
          <FormattedMessage id="achievements.prerequisites.first" />
        </h2>
      </div>
      <ul className="rows">
        {ids.map((id) => (
          <Prerequisite key={id} id={id} />
        ))}
      </ul>
    </section>
  );
}

function Prerequisite({ id }: { id: string }) {
  const texts = useTexts();
  const { data: a } = useQuery(achievementQuery(id));
  if (!a) return null;
  return (
    <li>
      <TextLink href={`/achievements/${id}`} className="row">
        <Patch id={id} tier={a.tier} size="s" src={pictureOf(a.images, "small")} />
        <span className="grow strong">
          <bdi>{texts(a.name_i18n)}</bdi>
        </span>
        <RarityTag rarity={a.rarity} />
      </TextLink>
    </li>
  );
}

/** Who made it and when, and its picture: one of another host is a link. */
function Origin({ achievement: a }: { achievement: Achievement }) {
  const intl = useIntl();
  const alt = useAlt()(a);
  const uploaded = pictureOf(a.images, "large") !== undefined;
  const picture = uploaded ? undefined : (a.images?.large ?? a.images?.medium ?? a.images?.small ?? undefined);
  return (
    <aside className="card" aria-label={intl.formatMessage({ id: "achievements.about" })}>
      <dl className={css["facts"]}>
        <dt>
          <FormattedMessage id="achievements.made" />
        </dt>
        <dd>
          <PersonName id={a.created_by} />, <Time at={a.created_at} />
        </dd>
        {a.published_at !== null && (
          <>
            <dt>
              <FormattedMessage id="achievements.published" />
            </dt>
            <dd>
              <Time at={a.published_at} />
            </dd>
          </>
        )}
        {picture !== undefined && (
          <>
            <dt>
              <FormattedMessage id="achievements.picture" />
            </dt>
            <dd>
              <a className="link" href={picture} target="_blank" rel="noreferrer">
                <bdi>{alt || new URL(picture).host}</bdi>
                <ExternalLink className="i s" aria-hidden="true" />
              </a>
            </dd>
          </>
        )}
      </dl>
    </aside>
  );
}
