import { Gift, HandHeart, Lock, ScrollText, Undo2 } from "lucide-react";
import { gamification, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { Person, PersonName, usePersonName } from "@updspace/kit/people.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button, IconButton } from "@updspace/ui/Button";
import { Choice } from "@updspace/ui/Choice";
import { Confirm } from "@updspace/ui/Confirm";
import { EmptyState } from "@updspace/ui/EmptyState";
import { TextArea } from "@updspace/ui/TextArea";
import { lazy, Suspense, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { useSession } from "../../session.ts";
import css from "./achievements.module.css";
import { grantPages, type Grant } from "./grantQueries.ts";
import { achievementKeys } from "./parts.ts";
import type { Achievement } from "./queries.ts";
import { soon } from "./ruleQueries.ts";
import { useTexts } from "./words.tsx";

const GrantDialog = lazy(async () => ({ default: (await import("./GrantDialog.tsx")).GrantDialog }));

const EvidenceDialog = lazy(async () => ({ default: (await import("./EvidenceDialog.tsx")).EvidenceDialog }));
const NominateDialog = lazy(async () => ({ default: (await import("./nominations/NominateDialog.tsx")).NominateDialog }));

const longestReason = 1000;

/** Who has the achievement, for everybody; granting it and taking it back, for those who may, and nominating for all others. New
 * grants by a rule appear by themselves. */
export function Grants({ achievement: a }: { achievement: Achievement }) {
  const intl = useIntl();
  const [state, setState] = useState<"current" | "all">("current");
  const [granting, setGranting] = useState(false);
  const [nominating, setNominating] = useState(false);
  const published = a.status === "published";
  const query = usePages(grantPages(a.id, state === "all"), published && a.has_rule ? soon : undefined);
  const grantable = a.can_assign && published;
  return (
    <section className="card" aria-labelledby="holders">
      <div className={`card-head ${css["grantsHead"]}`}>
        <h2 id="holders">
          <FormattedMessage id="achievements.grants" />
        </h2>
        <div className="btns">
          {a.can_view_private && (
            <Choice
              label={intl.formatMessage({ id: "achievements.grants.which" })}
              value={state}
              onChange={setState}
              choices={(["current", "all"] as const).map((id) => ({ id, name: intl.formatMessage({ id: `achievements.grants.${id}` }) }))}
            />
          )}
          {grantable && (
            <Button onPress={() => setGranting(true)}>
              <Gift className="i s" aria-hidden="true" />
              <FormattedMessage id="achievements.grant" />
            </Button>
          )}
          {!a.can_assign && published && (
            <Button onPress={() => setNominating(true)}>
              <HandHeart className="i s" aria-hidden="true" />
              <FormattedMessage id="achievements.nominate" />
            </Button>
          )}
        </div>
      </div>
      <PagedList
        query={query}
        empty={
          <EmptyState shape="patch" title={intl.formatMessage({ id: "achievements.grants.none" })}>
            <FormattedMessage id={grantable ? "achievements.grants.none.grant" : "achievements.grants.none.text"} />
          </EmptyState>
        }
      >
        {(items) => (
          <ul className="rows">
            {items.map((g) => (
              <GrantRow key={g.id} grant={g} achievement={a} />
            ))}
          </ul>
        )}
      </PagedList>
      {granting && (
        <Suspense>
          <GrantDialog achievement={a} onClose={() => setGranting(false)} />
        </Suspense>
      )}
      {nominating && (
        <Suspense>
          <NominateDialog achievement={a} onClose={() => setNominating(false)} />
        </Suspense>
      )}
    </section>
  );
}

function GrantRow({ grant: g, achievement }: { grant: Grant; achievement: Achievement }) {
  const intl = useIntl();
  const name = usePersonName(g.recipient_id);
  const [asking, setAsking] = useState(false);
  const [why, setWhy] = useState(false);
  const own = useSession().user.id === g.recipient_id;
  // A grant without an issuer is by a rule. Its recipient reads why, and so do those who see private grants of the achievement.
  const explained = g.issuer_id === null && (own || achievement.can_view_private);
  const ended = g.ended_at;
  return (
    <li className="row">
      <div className="grow">
        <Person
          id={g.recipient_id}
          tag={
            g.visibility === "private" && (
              <span className="state quiet">
                <Lock className="i s" aria-hidden="true" />
                <FormattedMessage id="achievements.grants.private" />
              </span>
            )
          }
        >
          {g.reason !== null && <q dir="auto">{g.reason}</q>}{" "}
          {g.issuer_id === null ? (
            <Time at={g.created_at} />
          ) : (
            <FormattedMessage
              id="achievements.grants.by"
              values={{ person: <PersonName id={g.issuer_id} />, time: <Time at={g.created_at} /> }}
            />
          )}
        </Person>
        {ended !== null && (
          <p className={`small muted ${css["ended"]}`}>
            {g.revoked_by === null ? (
              <FormattedMessage id="achievements.grants.expired" values={{ time: <Time at={ended} /> }} />
            ) : (
              <FormattedMessage
                id="achievements.grants.revoked"
                values={{ person: <PersonName id={g.revoked_by} />, time: <Time at={ended} /> }}
              />
            )}{" "}
            {g.revoke_reason !== null && <q dir="auto">{g.revoke_reason}</q>}
          </p>
        )}
      </div>
      {explained && (
        <IconButton label={intl.formatMessage({ id: "achievements.evidence.of" }, { name })} onPress={() => setWhy(true)}>
          <ScrollText className="i" aria-hidden="true" />
        </IconButton>
      )}
      {why && (
        <Suspense>
          <EvidenceDialog grant={g.id} onClose={() => setWhy(false)} />
        </Suspense>
      )}
      {achievement.can_revoke && ended === null && (
        <IconButton label={intl.formatMessage({ id: "achievements.revoke.of" }, { name })} onPress={() => setAsking(true)}>
          <Undo2 className="i" aria-hidden="true" />
        </IconButton>
      )}
      {asking && <RevokeDialog grant={g} name={name} achievement={achievement} onClose={() => setAsking(false)} />}
    </li>
  );
}

interface RevokeDialogProps {
  grant: Grant;
  name: string;
  achievement: Achievement;
  onClose: () => void;
}

/** Takes the achievement back; the reason is what the person reads. */
function RevokeDialog({ grant, name, achievement, onClose }: RevokeDialogProps) {
  const intl = useIntl();
  const title = useTexts()(achievement.name_i18n);
  const [reason, setReason] = useState("");
  const revoke = useAction({
    run: (_: void, headers) =>
      ok(
        gamification.POST("/api/v1/gamification/grants/{grant_id}/revoke", {
          params: { path: { grant_id: grant.id } },
          body: reason.trim() === "" ? {} : { reason: reason.trim() },
          headers,
        }),
      ),
    stale: achievementKeys,
    done: intl.formatMessage({ id: "achievements.revoke.done" }, { name }),
    onDone: onClose,
  });
  return (
    <Confirm
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "achievements.revoke.title" }, { name, title })}
      action={intl.formatMessage({ id: "achievements.revoke" })}
      cancel={intl.formatMessage({ id: "action.cancel" })}
      danger
      pending={revoke.pending}
      onConfirm={() => revoke.start()}
    >
      <TextArea
        label={intl.formatMessage({ id: "achievements.revoke.reason" })}
        help={intl.formatMessage({ id: "achievements.revoke.reason.help" })}
        value={reason}
        onChange={setReason}
        maxLength={longestReason}
        rows={2}
      />
      <ActionError error={revoke.error} />
    </Confirm>
  );
}
