import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { HandHeart, ListOrdered, Plus, Trophy } from "lucide-react";
import { ErrorPage } from "@updspace/kit/errors.tsx";
import { usePages } from "@updspace/kit/pages.tsx";
import { Button } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { showCurrent } from "@updspace/ui/Tabs";
import type { CSSProperties } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import css from "./achievements.module.css";
import { AchievementTile } from "./AchievementTile.tsx";
import { filterOf, isNarrow } from "./filter.ts";
import { Filters } from "./Filters.tsx";
import { heldQuery } from "./grantQueries.ts";
import { waitingQuery } from "./nominations/queries.ts";
import { useDecides } from "./places.ts";
import { achievementPages, categoriesQuery, type Status } from "./queries.ts";
import { progressQuery } from "./ruleQueries.ts";
import { statuses, type AchievementsSearch } from "./search.ts";
import { sectionsOf } from "./sections.ts";
import { useTexts } from "./words.tsx";

export interface Rights {
  /** May make achievements somewhere. */
  create: boolean;
  /** May run categories, and sees what is not published. */
  manage: boolean;
}

/** All achievements of the space, by category. */
export function CataloguePage({ search, rights }: { search: AchievementsSearch; rights: Rights }) {
  const intl = useIntl();
  const { data: categories } = useSuspenseQuery(categoriesQuery);
  const status = search.status ?? "published";
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "nav.achievements" })} sub={intl.formatMessage({ id: "achievements.sub" })}>
        <LinkButton href="/achievements/leaderboard" variant="quiet">
          <Trophy className="i s" aria-hidden="true" />
          <FormattedMessage id="achievements.leaderboard" />
        </LinkButton>
        <NominationsLink />
        {rights.manage && (
          <LinkButton href="/achievements/categories" variant="quiet">
            <ListOrdered className="i s" aria-hidden="true" />
            <FormattedMessage id="achievements.categories" />
          </LinkButton>
        )}
        {rights.create && (
          <LinkButton href="/achievements/new">
            <Plus className="i s" aria-hidden="true" />
            <FormattedMessage id="achievements.new" />
          </LinkButton>
        )}
      </PageHead>
      <div className="vstack">
        {(rights.create || rights.manage) && <StatusTabs search={search} status={status} />}
        <Filters search={search} categories={categories} />
      </div>
      <List search={search} rights={rights} />
    </>
  );
}

/** To the nominations, with how many wait for those who decide. */
function NominationsLink() {
  const { data: waiting } = useQuery({ ...waitingQuery, enabled: useDecides() });
  return (
    <LinkButton href="/achievements/nominations" variant="quiet">
      <HandHeart className="i s" aria-hidden="true" />
      <FormattedMessage id="achievements.nominations" />
      {waiting !== undefined && waiting.n > 0 && (
        <span className="count">
          <FormattedMessage id="achievements.nominations.waiting" values={{ n: waiting.n, more: String(waiting.more) }} />
        </span>
      )}
    </LinkButton>
  );
}

function StatusTabs({ search, status }: { search: AchievementsSearch; status: Status }) {
  const intl = useIntl();
  return (
    <nav className="tabs" aria-label={intl.formatMessage({ id: "achievements.statuses" })} ref={showCurrent}>
      {statuses.map((s) => (
        <Link
          key={s}
          to="/achievements"
          search={{ ...search, status: s === "published" ? undefined : s }}
          {...(s === status && { "aria-current": "page" as const })}
          activeOptions={{ exact: true, explicitUndefined: true }}
        >
          {intl.formatMessage({ id: `achievements.status.${s}` })}
        </Link>
      ))}
    </nav>
  );
}

function List({ search, rights }: { search: AchievementsSearch; rights: Rights }) {
  const intl = useIntl();
  const texts = useTexts();
  const { data: categories } = useSuspenseQuery(categoriesQuery);
  const query = usePages(achievementPages(filterOf(search)));
  const { data: held } = useQuery(heldQuery());
  const { data: progress } = useQuery({ ...progressQuery, enabled: query.items.some((a) => a.has_rule && a.status === "published") });
  if (query.isPending) return <Waiting />;
  if (query.isError && query.items.length === 0) return <ErrorPage error={query.error} retry={() => void query.refetch()} />;
  if (query.items.length === 0) {
    return (
      <div className="card">
        <Nothing search={search} rights={rights} />
      </div>
    );
  }
  return (
    <>
      <div className={css["sections"]}>
        {sectionsOf(query.items, categories).map(({ category, items }) => (
          <section
            key={category.id}
            className={css["section"]}
            style={{ "--n": items.length } as CSSProperties} // React's type knows no custom properties
            aria-labelledby={`category-${category.id}`}
          >
            <h2 id={`category-${category.id}`} className={css["category"]}>
              <bdi>{texts(category.name_i18n)}</bdi>{" "}
              <span className="small muted">{query.hasNextPage ? "" : intl.formatNumber(items.length)}</span>
            </h2>
            <ul className={css["grid"]}>
              {items.map((a) => (
                <AchievementTile
                  key={a.id}
                  achievement={a}
                  held={held?.items.some((h) => h.achievement.id === a.id) ?? false}
                  progress={progress?.find((p) => p.achievement_id === a.id)}
                />
              ))}
            </ul>
          </section>
        ))}
      </div>
      {query.hasNextPage && (
        <div className="btns center">
          <Button pending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
            <FormattedMessage id="action.more" />
          </Button>
        </div>
      )}
    </>
  );
}

/** Tiles where the achievements will be. */
function Waiting() {
  const intl = useIntl();
  return (
    <div className={`skeleton ${css["waitings"]}`} role="status" aria-label={intl.formatMessage({ id: "loading" })}>
      {Array.from({ length: 8 }, (_, i) => (
        <div key={i} className={`card ${css["waiting"]}`} aria-hidden="true">
          <i />
          <i />
        </div>
      ))}
    </div>
  );
}

function Nothing({ search, rights }: { search: AchievementsSearch; rights: Rights }) {
  const intl = useIntl();
  const status = search.status ?? "published";
  if (isNarrow(search)) {
    return (
      <EmptyState
        shape="patch"
        title={intl.formatMessage({ id: "achievements.empty.filtered" })}
        action={
          <Link to="/achievements" search={{ status: search.status }} className="btn line">
            <FormattedMessage id="achievements.empty.all" />
          </Link>
        }
      >
        {intl.formatMessage({ id: "achievements.empty.filtered.text" })}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      shape="patch"
      title={intl.formatMessage({ id: `achievements.empty.${status}` })}
      {...(rights.create &&
        (status === "published" || status === "draft") && {
          action: (
            <LinkButton href="/achievements/new" variant="primary">
              <FormattedMessage id="achievements.new" />
            </LinkButton>
          ),
        })}
    >
      {intl.formatMessage({ id: rights.create ? `achievements.empty.${status}.text` : "achievements.empty.who" })}
    </EmptyState>
  );
}
