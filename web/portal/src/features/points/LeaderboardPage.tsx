import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ChevronDown, SlidersHorizontal } from "lucide-react";
import { myGroupsQuery } from "@updspace/kit/groups.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { inWords } from "@updspace/kit/texts.ts";
import { Time } from "@updspace/kit/time.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { showCurrent } from "@updspace/ui/Tabs";
import { lazy, Suspense } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { MyPlace } from "./MyPlace.tsx";
import css from "./points.module.css";
import { boardPages, placeQuery, seasonsQuery, type Board, type Season } from "./queries.ts";
import { Row } from "./Row.tsx";
import { boardOf, type BoardSearch } from "./search.ts";

// The first paint needs none of it.
const Select = lazy(async () => ({ default: (await import("@updspace/ui/Select")).Select }));

const whole = "all";
const shownSeasons = 4;

/** Who has the most points: in the space, a community or a team, of all time or of a season. */
export function LeaderboardPage({ search, manage }: { search: BoardSearch; manage: boolean }) {
  const intl = useIntl();
  const { data: seasons } = useSuspenseQuery(seasonsQuery);
  const season = seasons.find((s) => s.id === search.season);
  return (
    <>
      <PageHead
        title={intl.formatMessage({ id: "points.board" })}
        sub={intl.formatMessage({ id: "points.board.sub" })}
        back={{ href: "/achievements", name: intl.formatMessage({ id: "nav.achievements" }) }}
      >
        {manage && (
          <LinkButton href="/achievements/points" variant="quiet">
            <SlidersHorizontal className="i s" aria-hidden="true" />
            <FormattedMessage id="points.manage" />
          </LinkButton>
        )}
      </PageHead>
      <div className={css["choose"]}>
        <Seasons search={search} seasons={seasons} />
        <Places search={search} />
      </div>
      <MyRank board={boardOf(search)} />
      <div className="with-side">
        <section className="card" aria-labelledby="board">
          <div className="card-head">
            <h2 id="board">{season ? <bdi>{inWords(season.name_i18n, intl.locale)}</bdi> : <FormattedMessage id="points.allTime" />}</h2>
            {season && <Until season={season} />}
          </div>
          <Ranks search={search} />
        </section>
        <MyPlace board={boardOf(search)} />
      </div>
    </>
  );
}

/** On a phone, where the rest about me stands below the board. */
function MyRank({ board }: { board: Board }) {
  const { data: place } = useQuery(placeQuery(board));
  if (!place || place.rank === null) return null;
  return (
    <p className={`card pad ${css["phone"]}`}>
      <FormattedMessage id="points.rank.mine" values={{ rank: place.rank }} />{" "}
      <strong className="num">
        <FormattedMessage id="points.n" values={{ n: place.points }} />
      </strong>
    </p>
  );
}

/** When a season ends, or that it has ended. */
function Until({ season: { state, starts_at, ends_at } }: { season: Season }) {
  return (
    <span className="small muted">
      <FormattedMessage id={`points.season.${state}`} values={{ time: <Time at={state === "upcoming" ? starts_at : ends_at} /> }} />
    </span>
  );
}

/** All time, and the latest seasons that have begun. */
function Seasons({ search, seasons }: { search: BoardSearch; seasons: readonly Season[] }) {
  const intl = useIntl();
  const begun = seasons.filter((s, i) => s.id === search.season || (s.state !== "upcoming" && i < shownSeasons + 1));
  const tabs = [
    { id: undefined, name: intl.formatMessage({ id: "points.allTime" }) },
    ...begun.map((s) => ({ id: s.id, name: inWords(s.name_i18n, intl.locale) })),
  ];
  return (
    <nav className="tabs" aria-label={intl.formatMessage({ id: "points.seasons" })} ref={showCurrent}>
      {tabs.map((tab) => (
        <Link
          key={tab.id ?? whole}
          to="/achievements/leaderboard"
          search={{ ...search, season: tab.id }}
          {...(tab.id === search.season && { "aria-current": "page" as const })}
          activeOptions={{ exact: true, explicitUndefined: true }}
        >
          <bdi>{tab.name}</bdi>
        </Link>
      ))}
    </nav>
  );
}

/** Whose members: of the whole space, or of a community or team of mine. */
function Places({ search }: { search: BoardSearch }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const groups = useQuery(myGroupsQuery).data ?? [];
  if (groups.length === 0) return null;
  const choices = [{ id: whole, name: intl.formatMessage({ id: "points.place.all" }) }, ...groups.map(({ id, name }) => ({ id, name }))];
  const value = search.community ?? search.team ?? whole;
  const unloaded = (
    <span className="input select">
      <span className="grow">{choices.find((c) => c.id === value)?.name}</span>
      <ChevronDown className="i s" aria-hidden="true" />
    </span>
  );
  return (
    <Suspense fallback={unloaded}>
      <Select
        label={intl.formatMessage({ id: "points.place" })}
        hideLabel
        value={value}
        choices={choices}
        onChange={(id) => {
          const kind = groups.find((g) => g.id === id)?.kind;
          const place = { community: kind === "COMMUNITY" ? id : undefined, team: kind === "TEAM" ? id : undefined };
          void navigate({ to: "/achievements/leaderboard", search: { season: search.season, ...place } });
        }}
      />
    </Suspense>
  );
}

function Ranks({ search }: { search: BoardSearch }) {
  const intl = useIntl();
  const query = usePages(boardPages(boardOf(search)));
  return (
    <PagedList
      query={query}
      empty={
        <EmptyState shape="patch" title={intl.formatMessage({ id: "points.board.none" })}>
          <FormattedMessage id="points.board.none.text" />
        </EmptyState>
      }
    >
      {(items) => (
        <ol className={`rows ${css["board"]}`}>
          {items.map((r) => (
            <Row key={r.user_id} ranked={r} levels={search.season === undefined} />
          ))}
        </ol>
      )}
    </PagedList>
  );
}
