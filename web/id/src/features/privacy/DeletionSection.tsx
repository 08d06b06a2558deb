import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { identity, orSignIn } from "../../api.ts";
import styles from "../profile/Profile.module.css";
import { useStepUp } from "../security/StepUp.tsx";
import { dataQuery } from "./dataQueries.ts";

/** The deletion of the account, which waits for fourteen days. */
export function DeletionSection() {
  const intl = useIntl();
  const { data } = useQuery(dataQuery);
  const [asking, setAsking] = useState(false);
  const { confirmed, dialog } = useStepUp();
  const remove = useAction({
    run: (_: void, headers) => confirmed(() => ok(identity.POST("/api/v1/auth/account/delete", { body: {}, headers }))),
    stale: [dataQuery.queryKey],
    done: intl.formatMessage({ id: "deletion.requested" }),
  });
  if (data?.deletion) return null; // the frame of the page says so
  return (
    <section className="card" aria-labelledby="deletion">
      <div className="card-head">
        <h2 id="deletion">
          <FormattedMessage id="deletion.title" />
        </h2>
      </div>
      <div className={`vstack ${styles.body}`}>
        <p className="muted">
          <FormattedMessage id="deletion.text" />
        </p>
        <ActionError error={remove.error} />
        <div className="btns">
          <Button variant="danger" pending={remove.pending} onPress={() => setAsking(true)}>
            <FormattedMessage id="deletion.button" />
          </Button>
        </div>
      </div>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={intl.formatMessage({ id: "deletion.ask" })}
        action={intl.formatMessage({ id: "deletion.confirm" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        onConfirm={() => {
          setAsking(false);
          remove.start();
        }}
      >
        <FormattedMessage id="deletion.askText" />
      </Confirm>
      {dialog}
    </section>
  );
}

/** Tells on every page of the account that it will be deleted, with the way back. */
export function DeletionNotice() {
  const intl = useIntl();
  const { data } = useQuery(dataQuery);
  const keep = useAction({
    run: (_: void, headers) => ok(identity.POST("/api/v1/auth/account/delete/cancel", { headers })).catch(orSignIn),
    stale: [dataQuery.queryKey],
    done: intl.formatMessage({ id: "deletion.kept" }),
  });
  if (!data?.deletion) return null;
  const date = intl.formatDate(data.deletion.due_at, { day: "numeric", month: "long", year: "numeric" });
  return (
    <section className="card" aria-label={intl.formatMessage({ id: "deletion.title" })}>
      <div className={`vstack ${styles.body}`}>
        <p>
          <FormattedMessage id="deletion.pending" values={{ date }} />
        </p>
        <ActionError error={keep.error} />
        <div className="btns">
          <Button variant="primary" pending={keep.pending} onPress={() => keep.start()}>
            <FormattedMessage id="deletion.keep" />
          </Button>
        </div>
      </div>
    </section>
  );
}
