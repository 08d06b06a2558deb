import { useQuery } from "@tanstack/react-query";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { LinkButton } from "@updspace/ui/LinkButton";
import { identity } from "../../api.ts";
import styles from "../profile/Profile.module.css";
import { useStepUp } from "../security/StepUp.tsx";
import { archiveAddress, dataQuery, type DataExport } from "./dataQueries.ts";

/** The export of everything that the platform stores about the person. */
export function DataSection() {
  const intl = useIntl();
  const { data } = useQuery(dataQuery);
  const { confirmed, dialog } = useStepUp();
  const begin = useAction({
    run: (_: void, headers) => confirmed(() => ok(identity.POST("/api/v1/auth/data/export/begin", { headers }))),
    stale: [dataQuery.queryKey],
    done: intl.formatMessage({ id: "data.begun" }),
  });
  const found = data?.export;
  return (
    <section className="card" aria-labelledby="data">
      <div className="card-head">
        <h2 id="data">
          <FormattedMessage id="data.title" />
        </h2>
      </div>
      <div className={`vstack ${styles.body}`}>
        <p className="muted">
          <FormattedMessage id="data.text" />
        </p>
        <ActionError error={begin.error} />
        {found && <Found found={found} />}
        {found?.state !== "running" && (
          <div className="btns">
            {found && (
              <LinkButton href={archiveAddress} external>
                <FormattedMessage id="data.download" />
              </LinkButton>
            )}
            <Button pending={begin.pending} onPress={() => begin.start()}>
              <FormattedMessage id={found ? "data.again" : "data.begin"} />
            </Button>
          </div>
        )}
      </div>
      {dialog}
    </section>
  );
}

function Found({ found }: { found: DataExport }) {
  const intl = useIntl();
  const { state, parts_done: done, parts_total: total, missing } = found;
  if (state === "running") {
    const text = total > 0 ? intl.formatMessage({ id: "data.running" }, { done, total }) : intl.formatMessage({ id: "data.starting" });
    return (
      <div role="status" className="vstack">
        <p>{text}</p>
        <progress aria-label={text} value={total > 0 ? done : undefined} max={Math.max(total, 1)} />
      </div>
    );
  }
  return (
    <>
      <p>
        <FormattedMessage
          id="data.ready"
          values={{ time: <Time at={found.requested_at} exact />, until: <Time at={found.expires_at ?? found.requested_at} exact /> }}
        />
      </p>
      {missing.length > 0 && (
        <p>
          <FormattedMessage
            id="data.missing"
            values={{ parts: intl.formatList(missing.map(({ tenant, service }) => `${tenant}/${service}`)) }}
          />
        </p>
      )}
    </>
  );
}
