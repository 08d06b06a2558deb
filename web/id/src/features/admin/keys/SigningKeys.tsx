import { CalendarClock, CircleCheck, History } from "lucide-react";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { identity } from "../../../api.ts";
import { useStepUp } from "../../security/StepUp.tsx";
import { ReasonDialog } from "../ReasonDialog.tsx";
import styles from "./Keys.module.css";
import { keysKey, type Algorithm, type SigningKey } from "./queries.ts";

const algorithms: readonly Algorithm[] = ["ES256", "RS256", "EdDSA"];

type Act = { what: "rotate"; algorithm: Algorithm } | { what: "retire"; key: SigningKey };

/** The keys that sign tokens, by algorithm: a new one is made, or one is withdrawn. */
export function SigningKeys({ keys }: { keys: SigningKey[] }) {
  const intl = useIntl();
  const [act, setAct] = useState<Act>();
  const { confirmed, dialog } = useStepUp();
  const run = useAction({
    run: ({ act: now, reason }: { act: Act; reason: string }, headers) =>
      confirmed(async () => {
        if (now.what === "rotate")
          await ok(identity.POST("/api/v1/admin/keys/rotate", { body: { algorithm: now.algorithm, reason }, headers }));
        else
          await ok(
            identity.POST("/api/v1/admin/keys/{key_id}/retire", { params: { path: { key_id: now.key.id } }, body: { reason }, headers }),
          );
        return now.what;
      }),
    stale: [[keysKey]],
    done: (what) => intl.formatMessage({ id: what === "rotate" ? "admin.keys.rotate.done" : "admin.keys.retire.done" }),
    onDone: () => setAct(undefined),
  });
  return (
    <section className="card" aria-labelledby="signing">
      {dialog}
      <div className="card-head">
        <h2 id="signing">
          <FormattedMessage id="admin.keys.signing" />
        </h2>
      </div>
      <div className={styles.text}>
        <p>
          <FormattedMessage id="admin.keys.signing.text" />
        </p>
      </div>
      {algorithms.map((algorithm) => (
        <Family
          key={algorithm}
          algorithm={algorithm}
          keys={keys.filter((k) => k.algorithm === algorithm)}
          onRotate={() => setAct({ what: "rotate", algorithm })}
          onRetire={(key) => setAct({ what: "retire", key })}
        />
      ))}
      {act && (
        <ReasonDialog
          title={
            act.what === "rotate"
              ? intl.formatMessage({ id: "admin.keys.rotate.title" }, { algorithm: act.algorithm })
              : intl.formatMessage({ id: "admin.keys.retire.title" }, { algorithm: act.key.algorithm })
          }
          text={intl.formatMessage({ id: act.what === "rotate" ? "admin.keys.rotate.text" : "admin.keys.retire.text" })}
          action={
            act.what === "rotate"
              ? intl.formatMessage({ id: "admin.keys.rotate" }, { algorithm: act.algorithm })
              : intl.formatMessage({ id: "admin.keys.retire" })
          }
          danger={act.what === "retire"}
          run={{ ...run, start: (reason) => run.start({ act, reason }) }}
          onClose={() => setAct(undefined)}
        />
      )}
    </section>
  );
}

interface FamilyProps {
  algorithm: Algorithm;
  keys: SigningKey[];
  onRotate: () => void;
  onRetire: (key: SigningKey) => void;
}

function Family({ algorithm, keys, onRotate, onRetire }: FamilyProps) {
  return (
    <section aria-labelledby={algorithm}>
      <div className={`row ${styles.head}`}>
        <h3 id={algorithm} className="grow strong">
          {algorithm}
        </h3>
        {!keys.some((k) => k.state === "next") && (
          <Button onPress={onRotate}>
            <FormattedMessage id="admin.keys.rotate" values={{ algorithm }} />
          </Button>
        )}
      </div>
      <ul className="rows">
        {keys.map((k) => (
          <li key={k.id} className="row">
            <div className="grow vstack xs">
              <p className="line">
                <State state={k.state} />
              </p>
              <p className={`small muted ${styles.id}`} dir="ltr">
                {k.id}
              </p>
              <p className="small">
                {k.state === "next" && <FormattedMessage id="admin.keys.from" values={{ time: <Time at={k.signs_from} exact /> }} />}
                {k.state === "active" && <FormattedMessage id="admin.keys.to" values={{ time: <Time at={k.signs_to} exact /> }} />}
                {k.state === "retired" && (
                  <FormattedMessage id="admin.keys.published" values={{ time: <Time at={k.published_to} exact /> }} />
                )}
              </p>
            </div>
            <Button variant="quiet" onPress={() => onRetire(k)}>
              <FormattedMessage id="admin.keys.retire" />
              <span className="vh">{k.id}</span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const looks = {
  next: { className: "state quiet", icon: CalendarClock },
  active: { className: "state ok", icon: CircleCheck },
  retired: { className: "state quiet", icon: History },
} as const;

function State({ state }: { state: SigningKey["state"] }) {
  const { className, icon: Icon } = looks[state];
  return (
    <span className={className}>
      <Icon className="i s" aria-hidden="true" />
      <FormattedMessage id={`admin.keys.state.${state}`} />
    </span>
  );
}
