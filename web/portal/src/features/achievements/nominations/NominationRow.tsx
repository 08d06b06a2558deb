import { gamification, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { Person, PersonName, usePersonName } from "@updspace/kit/people.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { Patch } from "@updspace/ui/Patch";
import { TextLink } from "@updspace/ui/TextLink";
import { lazy, Suspense, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { useSession } from "../../../session.ts";
import css from "../achievements.module.css";
import { useTexts } from "../words.tsx";
import type { Decision } from "./DecideDialog.tsx";
import { nominationsKey, type Nominated, type Nomination, type NominationStatus } from "./queries.ts";

const DecideDialog = lazy(async () => ({ default: (await import("./DecideDialog.tsx")).DecideDialog }));

const looks: Record<NominationStatus, string> = { open: "warn", approved: "ok", declined: "quiet" };

/** A nomination: who, for what, why, and what became of it. */
export function NominationRow({ nominated, decide = false }: { nominated: Nominated; decide?: boolean }) {
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
