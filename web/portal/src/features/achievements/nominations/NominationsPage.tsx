import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { gamification, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { Person, PersonName, usePersonName } from "@updspace/kit/people.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { Patch } from "@updspace/ui/Patch";
import { showCurrent } from "@updspace/ui/Tabs";
import { TextLink } from "@updspace/ui/TextLink";
import { lazy, Suspense, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { useSession } from "../../../session.ts";
import css from "../achievements.module.css";
import { useDecides } from "../places.ts";
import { nominationStates, type NominationsSearch } from "../search.ts";
import { useTexts } from "../words.tsx";
import type { Decision } from "./DecideDialog.tsx";
import { minePages, nominationsKey, queuePages, waitingQuery, type Nominated, type Nomination, type NominationStatus } from "./queries.ts";

const DecideDialog = lazy(async () => ({ default: (await import("./DecideDialog.tsx")).DecideDialog }));

/** Whom members propose: those that I decide about, and my own. */
export function NominationsPage({ search }: { search: NominationsSearch }) {
  const intl = useIntl();
  const decides = useDecides();
  const view = decides ? (search.view ?? "queue") : "mine";
  return (
    <>
      <PageHead
        title={intl.formatMessage({ id: "achievements.nominations" })}
        sub={intl.formatMessage({ id: "achievements.nominations.sub" })}
        back={{ href: "/achievements", name: intl.formatMessage({ id: "nav.achievements" }) }}
      />
      {decides && <Views view={view} />}
      {view === "queue" ? <Queue status={search.status ?? "open"} /> : <Mine />}
    </>
  );
}

function Views({ view }: { view: "queue" | "mine" }) {
  const intl = useIntl();
  const { data: waiting } = useQuery(waitingQuery);
  return (
    <nav className="tabs" aria-label={intl.formatMessage({ id: "achievements.nominations.which" })} ref={showCurrent}>
      {(["queue", "mine"] as const).map((v) => (
        <Link
          key={v}
          to="/achievements/nominations"
          search={{ view: v === "queue" ? undefined : v }}
          {...(v === view && { "aria-current": "page" as const })}
          activeOptions={{ exact: true, explicitUndefined: true }}
        >
          {intl.formatMessage({ id: `achievements.nominations.${v}` })}
          {v === "queue" && waiting !== undefined && (
            <span className="muted label">
              <FormattedMessage id="achievements.nominations.waiting" values={{ n: waiting.n, more: String(waiting.more) }} />
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}

function Queue({ status }: { status: NominationStatus | "all" }) {
  const intl = useIntl();
  const query = usePages(queuePages(status === "all" ? undefined : status));
  return (
    <>
      <nav className="choice" aria-label={intl.formatMessage({ id: "achievements.nominations.states" })}>
        {([...nominationStates, "all"] as const).map((s) => (
          <Link
            key={s}
            to="/achievements/nominations"
            search={{ status: s === "open" ? undefined : s }}
            {...(s === status && { "aria-current": "true" as const })}
            activeOptions={{ exact: true, explicitUndefined: true }}
          >
            {intl.formatMessage({ id: `achievements.nominations.states.${s}` })}
          </Link>
        ))}
      </nav>
      <section className="card" aria-label={intl.formatMessage({ id: "achievements.nominations.queue" })}>
        <PagedList
          query={query}
          empty={
            <EmptyState shape="people" title={intl.formatMessage({ id: `achievements.nominations.none.${status}` })}>
              <FormattedMessage id="achievements.nominations.none.queue" />
            </EmptyState>
          }
        >
          {(items) => (
            <ul className="rows">
              {items.map((n) => (
                <Row key={n.nomination.id} nominated={n} decide />
              ))}
            </ul>
          )}
        </PagedList>
      </section>
    </>
  );
}

function Mine() {
  const intl = useIntl();
  const query = usePages(minePages);
  return (
    <section className="card" aria-label={intl.formatMessage({ id: "achievements.nominations.mine" })}>
      <PagedList
        query={query}
        empty={
          <EmptyState
            shape="people"
            title={intl.formatMessage({ id: "achievements.nominations.none.mine" })}
            action={
              <LinkButton href="/achievements" variant="primary">
                <FormattedMessage id="achievements.nominations.none.mine.go" />
              </LinkButton>
            }
          >
            <FormattedMessage id="achievements.nominations.none.mine.text" />
          </EmptyState>
        }
      >
        {(items) => (
          <ul className="rows">
            {items.map((n) => (
              <Row key={n.nomination.id} nominated={n} />
            ))}
          </ul>
        )}
      </PagedList>
    </section>
  );
}

const looks: Record<NominationStatus, string> = { open: "warn", approved: "ok", declined: "quiet" };

/** A nomination: who, for what, why, and what became of it. */
function Row({ nominated, decide = false }: { nominated: Nominated; decide?: boolean }) {
  const { nomination: n, achievement } = nominated;
  const texts = useTexts();
  const me = useSession().user.id;
  const [asked, setAsked] = useState<Decision>();
  return (
    <li className={`row ${css["nomination"]}`}>
      <div className="grow vstack xs">
        <Person
          id={n.nominee_id}
          tag={
            <span className={`state ${looks[n.status]}`}>
              <FormattedMessage id={`achievements.nominations.state.${n.status}`} />
            </span>
          }
        >
          {achievement ? (
            <TextLink href={`/achievements/${achievement.id}`} className={`inline ${css["nominatedFor"]}`}>
              <Patch id={achievement.id} tier={achievement.tier} size="s" />
              <bdi className="strong">{texts(achievement.name_i18n)}</bdi>
            </TextLink>
          ) : (
            <FormattedMessage id="achievements.nominations.unseen" />
          )}
        </Person>
        <div className={css["nominationText"]}>
          {n.text !== "" && <q dir="auto">{n.text}</q>}
          <p className="small muted">
            {n.nominator_id === null || !decide ? (
              <Time at={n.created_at} />
            ) : (
              <FormattedMessage
                id="achievements.nominations.by"
                values={{ person: <PersonName id={n.nominator_id} />, time: <Time at={n.created_at} /> }}
              />
            )}
          </p>
          {n.decided_at !== null && (
            <p className="small muted">
              <FormattedMessage
                id={n.decided_by === null ? "achievements.nominations.decided" : "achievements.nominations.decided.by"}
                values={{ person: n.decided_by && <PersonName id={n.decided_by} />, time: <Time at={n.decided_at} /> }}
              />{" "}
              {n.decision_reason !== null && <q dir="auto">{n.decision_reason}</q>}
            </p>
          )}
        </div>
      </div>
      {decide && n.status === "open" && (
        <div className="btns">
          {n.nominee_id === me ? (
            <span className="small muted">
              <FormattedMessage id="achievements.nominations.own" />
            </span>
          ) : (
            <>
              <Button onPress={() => setAsked("decline")}>
                <FormattedMessage id="achievements.nominations.decline" />
              </Button>
              <Button variant="primary" onPress={() => setAsked("approve")}>
                <FormattedMessage id="achievements.nominations.approve" />
              </Button>
            </>
          )}
        </div>
      )}
      {!decide && n.status === "open" && <Withdraw nomination={n} />}
      {asked && (
        <Suspense>
          <DecideDialog nominated={nominated} decision={asked} onClose={() => setAsked(undefined)} />
        </Suspense>
      )}
    </li>
  );
}

/** Takes an own nomination back, as long as it waits. */
function Withdraw({ nomination }: { nomination: Nomination }) {
  const intl = useIntl();
  const name = usePersonName(nomination.nominee_id);
  const [asking, setAsking] = useState(false);
  const withdraw = useAction({
    run: (_: void, headers) =>
      ok(
        gamification.DELETE("/api/v1/gamification/nominations/{nomination_id}", {
          params: { path: { nomination_id: nomination.id } },
          headers,
        }),
      ),
    stale: [[nominationsKey]],
    done: intl.formatMessage({ id: "achievements.nominations.withdrawn" }),
    onDone: () => setAsking(false),
  });
  return (
    <div className="btns">
      <Button onPress={() => setAsking(true)}>
        <FormattedMessage id="achievements.nominations.withdraw" />
      </Button>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={intl.formatMessage({ id: "achievements.nominations.withdraw.title" }, { name })}
        action={intl.formatMessage({ id: "achievements.nominations.withdraw" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        pending={withdraw.pending}
        onConfirm={() => withdraw.start()}
      >
        <ActionError error={withdraw.error} />
      </Confirm>
    </div>
  );
}
