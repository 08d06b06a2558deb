import { FileUp, X } from "lucide-react";
import { gamification, ok } from "@updspace/kit/api.ts";
import { ActionError, known } from "@updspace/kit/errors.tsx";
import { PeopleField } from "@updspace/kit/peopleField.tsx";
import { Person, PersonName, usePersonName } from "@updspace/kit/people.tsx";
import { useAction, type WriteHeaders } from "@updspace/kit/queries.ts";
import { Button, IconButton } from "@updspace/ui/Button";
import { Choice } from "@updspace/ui/Choice";
import { Dialog } from "@updspace/ui/Dialog";
import { FileButton } from "@updspace/ui/FileDrop";
import { Switch } from "@updspace/ui/Switch";
import { TextArea } from "@updspace/ui/TextArea";
import { useState } from "react";
import { FormattedMessage, useIntl, type IntlShape } from "react-intl";
import { useSession } from "../../session.ts";
import css from "./achievements.module.css";
import { EventField, type EventDate } from "./EventField.tsx";
import type { GrantReport } from "./grantQueries.ts";
import { achievementKeys } from "./parts.ts";
import type { Achievement } from "./queries.ts";
import { useTexts } from "./words.tsx";

const longestReason = 1000;
const most = 200;
const ways = ["people", "table", "event"] as const;
type Way = (typeof ways)[number];

/** Grants the achievement to people who are chosen one by one, or to those of a table; then says what became of each. */
export function GrantDialog({ achievement, onClose }: { achievement: Achievement; onClose: () => void }) {
  const intl = useIntl();
  const me = useSession().user.id;
  const name = useTexts()(achievement.name_i18n);
  const [by, setBy] = useState<Way>("people");
  const [people, setPeople] = useState<string[]>([]);
  const [round, setRound] = useState(0); // a new field after each person
  const [csv, setCsv] = useState("");
  const [date, setDate] = useState<EventDate>();
  const [reason, setReason] = useState("");
  const [hidden, setHidden] = useState(false);
  const [report, setReport] = useState<GrantReport>(); // of what was done, or of a dry run
  const path = { achievement_id: achievement.id };
  const common = {
    ...(reason.trim() !== "" && { reason: reason.trim() }),
    visibility: hidden ? ("private" as const) : ("public" as const),
  };
  const toMany = (dry_run: boolean, headers: WriteHeaders): Promise<GrantReport> => {
    const whom = by === "people" ? { recipient_ids: people } : by === "table" ? { csv } : date === undefined ? {} : { event: date };
    const body = { ...common, ...whom, dry_run };
    return ok(gamification.POST("/api/v1/gamification/achievements/{achievement_id}/grants/bulk", { params: { path }, body, headers }));
  };
  const check = useAction({ run: (_: void, headers) => toMany(true, headers), onDone: setReport });
  const grant = useAction({
    run: async (_: void, headers): Promise<GrantReport | undefined> => {
      const [only] = people;
      if (by === "people" && people.length === 1 && only !== undefined) {
        const body = { ...common, recipient_id: only };
        await ok(gamification.POST("/api/v1/gamification/achievements/{achievement_id}/grants", { params: { path }, body, headers }));
        return undefined;
      }
      return toMany(false, headers);
    },
    stale: achievementKeys,
    done: (all) => intl.formatMessage({ id: "achievements.granted" }, { n: all?.granted ?? 1 }),
    onDone: (all) => {
      if (all && all.granted < all.items.length) setReport(all);
      else onClose();
    },
  });
  const ready = by === "people" ? people.length > 0 : by === "table" ? csv.trim() !== "" : date !== undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "achievements.grant.title" }, { name })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      {report ? (
        <div className="vstack">
          <ActionError error={grant.error} />
          <Report report={report} />
          <div className="btns right">
            {report.dry_run ? (
              <>
                <Button onPress={() => setReport(undefined)}>
                  <FormattedMessage id="achievements.grant.back" />
                </Button>
                <Button variant="primary" disabled={report.granted === 0} pending={grant.pending} onPress={() => grant.start()}>
                  <FormattedMessage id="achievements.grant.now" values={{ n: report.granted }} />
                </Button>
              </>
            ) : (
              <Button variant="primary" onPress={onClose}>
                <FormattedMessage id="action.close" />
              </Button>
            )}
          </div>
        </div>
      ) : (
        <div className="vstack">
          <ActionError error={grant.error ?? check.error} />
          <Choice
            label={intl.formatMessage({ id: "achievements.grant.by" })}
            value={by}
            onChange={setBy}
            choices={ways.map((id) => ({ id, name: intl.formatMessage({ id: `achievements.grant.by.${id}` }) }))}
          />
          {by === "people" ? (
            <>
              {people.length > 0 && (
                <ul className="card rows">
                  {people.map((id) => (
                    <Chosen key={id} id={id} onRemove={() => setPeople(people.filter((x) => x !== id))} />
                  ))}
                </ul>
              )}
              {people.length < most && (
                <PeopleField
                  key={round}
                  label={intl.formatMessage({ id: "achievements.grant.person" })}
                  {...(achievement.scope_type !== "TENANT" && { within: { kind: achievement.scope_type, id: achievement.scope_id } })}
                  except={[me, ...people]}
                  onPick={(id) => {
                    if (id === undefined) return;
                    setPeople([...people, id]);
                    setRound(round + 1);
                  }}
                />
              )}
            </>
          ) : by === "event" ? (
            <EventField onPick={setDate} />
          ) : (
            <div className="vstack s">
              <TextArea
                label={intl.formatMessage({ id: "achievements.grant.csv" })}
                help={intl.formatMessage({ id: "achievements.grant.csv.help" }, { most })}
                value={csv}
                onChange={setCsv}
                rows={4}
              />
              <div className="btns">
                <FileButton accept=".csv,text/csv,text/plain" onFiles={(files) => void files[0]?.text().then(setCsv)}>
                  <FileUp className="i s" aria-hidden="true" />
                  <FormattedMessage id="achievements.grant.file" />
                </FileButton>
              </div>
            </div>
          )}
          <TextArea
            label={intl.formatMessage({ id: "achievements.grant.reason" })}
            value={reason}
            onChange={setReason}
            maxLength={longestReason}
            rows={2}
          />
          <div className="card">
            <Switch
              label={intl.formatMessage({ id: "achievements.grant.private" })}
              help={intl.formatMessage({ id: "achievements.grant.private.help" })}
              checked={hidden}
              onChange={setHidden}
            />
          </div>
          <div className="btns right">
            <Button onPress={onClose}>
              <FormattedMessage id="action.cancel" />
            </Button>
            {by !== "people" && (
              <Button disabled={!ready} pending={check.pending} onPress={() => check.start()}>
                <FormattedMessage id="achievements.grant.check" />
              </Button>
            )}
            <Button variant="primary" disabled={!ready} pending={grant.pending} onPress={() => grant.start()}>
              <FormattedMessage id="achievements.grant" />
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

function Chosen({ id, onRemove }: { id: string; onRemove: () => void }) {
  const intl = useIntl();
  const name = usePersonName(id);
  return (
    <li className="row">
      <div className="grow">
        <Person id={id} size="m" />
      </div>
      <IconButton label={intl.formatMessage({ id: "achievements.grant.remove" }, { name })} onPress={onRemove}>
        <X className="i s" aria-hidden="true" />
      </IconButton>
    </li>
  );
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Why a line is refused: in words for such lists, else in those for the error, else in the server's own. */
function refusalOf(intl: IntlShape, { code, message }: GrantReport["items"][number]): string | null {
  const own = `achievements.report.why.${code}`;
  const error = `error.${code}`;
  if (known(intl, own)) return intl.formatMessage({ id: own });
  return known(intl, error) ? intl.formatMessage({ id: error }) : message;
}

/** What became of each line, or would. */
function Report({ report }: { report: GrantReport }) {
  const intl = useIntl();
  return (
    <>
      <p>
        <FormattedMessage
          id={report.dry_run ? "achievements.report.dry" : "achievements.report"}
          values={{ granted: report.granted, held: report.held, refused: report.refused }}
        />
      </p>
      <ol className={`card rows ${css["report"]}`}>
        {report.items.map((item) => (
          <li key={item.line} className="row">
            <span className="muted small num">{intl.formatNumber(item.line)}</span>
            <span className="grow">
              {uuid.test(item.recipient) ? <PersonName id={item.recipient} /> : <bdi>{item.recipient}</bdi>}
              {item.outcome === "refused" && <span className="small muted block">{refusalOf(intl, item)}</span>}
            </span>
            <span className={`state ${item.outcome === "granted" ? "ok" : item.outcome === "held" ? "quiet" : "danger"}`}>
              <FormattedMessage id={`achievements.report.${report.dry_run && item.outcome === "granted" ? "would" : item.outcome}`} />
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
