import { useQueryClient } from "@tanstack/react-query";
import { useState, type CSSProperties } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { identity } from "../../../api.ts";
import { useStepUp } from "../../security/StepUp.tsx";
import { ReasonDialog } from "../ReasonDialog.tsx";
import styles from "./Keys.module.css";
import { keysKey, keysQuery, waiting, type SealKey } from "./queries.ts";

/** The keys that encrypt secrets in the database: what old ones sealed is sealed with the newest. */
export function SealKeys({ keys }: { keys: SealKey[] }) {
  const intl = useIntl();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const { confirmed, dialog } = useStepUp();
  const reseal = useAction({
    run: (reason: string) =>
      confirmed(async () => {
        // A call seals a bounded number of secrets.
        for (let before = Infinity, left = waiting(keys); left > 0 && left < before;) {
          const now = await ok(
            identity.POST("/api/v1/admin/keys/reseal", { body: { reason }, headers: { "X-Request-Id": crypto.randomUUID() } }),
          );
          queries.setQueryData(keysQuery.queryKey, now);
          [before, left] = [left, waiting(now.seal)];
        }
      }),
    stale: [[keysKey]],
    done: intl.formatMessage({ id: "admin.keys.reseal.done" }),
    onDone: () => setAsking(false),
  });
  const total = keys.reduce((sum, k) => sum + k.secrets, 0);
  const left = waiting(keys);
  const missing = keys.some((k) => k.state === "missing");
  return (
    <section className="card" aria-labelledby="seal">
      {dialog}
      <div className="card-head">
        <h2 id="seal">
          <FormattedMessage id="admin.keys.seal" />
        </h2>
      </div>
      <div className={`vstack s ${styles.text}`}>
        <p>
          <FormattedMessage id="admin.keys.seal.text" />
        </p>
        {missing && (
          <p className="state danger">
            <FormattedMessage id="admin.keys.seal.missing.text" />
          </p>
        )}
        {left > 0 && (
          <div className="vstack xs">
            <p id="sealed" className="small">
              <FormattedMessage id="admin.keys.sealed" values={{ done: total - left, total }} />
            </p>
            <div
              className="bar"
              role="progressbar"
              aria-labelledby="sealed"
              aria-valuemin={0}
              aria-valuemax={total}
              aria-valuenow={total - left}
              style={{ "--v": `${(100 * (total - left)) / total}%` } as CSSProperties}
            >
              <i />
            </div>
          </div>
        )}
        {left > 0 && !missing && (
          <div className="btns">
            <Button onPress={() => setAsking(true)}>
              <FormattedMessage id="admin.keys.reseal" />
            </Button>
          </div>
        )}
      </div>
      <ul className="rows">
        {keys.map((k) => (
          <li key={k.id} className="row">
            <div className="grow vstack xs">
              <p className={`strong ${styles.id}`} dir="ltr">
                {k.id}
              </p>
              <p className="small muted">
                <FormattedMessage id="admin.keys.secrets" values={{ count: k.secrets }} />
              </p>
            </div>
            <span className={k.state === "missing" ? "state danger" : "state quiet"}>
              <FormattedMessage id={`admin.keys.seal.${k.state}`} />
            </span>
          </li>
        ))}
      </ul>
      {asking && (
        <ReasonDialog
          title={intl.formatMessage({ id: "admin.keys.reseal.title" })}
          text={intl.formatMessage({ id: "admin.keys.reseal.text" })}
          action={intl.formatMessage({ id: "admin.keys.reseal" })}
          run={reseal}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  );
}
