import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { PageHead } from "@updspace/ui/PageHead";
import { identity, orSignIn } from "../../api.ts";
import { DeviceRow } from "./DeviceRow.tsx";
import { sessionsQuery } from "./queries.ts";

/** Where the account is signed in. */
export function Sessions() {
  const intl = useIntl();
  const { data: devices } = useSuspenseQuery(sessionsQuery);
  const [asking, setAsking] = useState(false);
  const current = devices.filter((d) => d.current);
  const others = devices.filter((d) => !d.current);
  const endOthers = useAction({
    run: (_: void, headers) =>
      ok(identity.POST("/api/v1/auth/sessions/bulk", { body: { all_except_current: true }, headers })).catch(orSignIn),
    stale: [sessionsQuery.queryKey],
    done: ({ count }) => intl.formatMessage({ id: "sessions.endedAll" }, { count }),
    onDone: () => setAsking(false),
  });
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "nav.sessions" })} sub={intl.formatMessage({ id: "sessions.sub" })} />
      <section className="card" aria-labelledby="this-device">
        <div className="card-head">
          <h2 id="this-device">
            <FormattedMessage id="sessions.current" />
          </h2>
        </div>
        <ul className="rows">
          {current.map((d) => (
            <DeviceRow key={d.id} device={d} />
          ))}
        </ul>
      </section>
      <section className="card" aria-labelledby="other-devices">
        <div className="card-head">
          <h2 id="other-devices">
            <FormattedMessage id="sessions.others" />
          </h2>
          {others.length > 0 && (
            <Button size="s" variant="danger" onPress={() => setAsking(true)}>
              <FormattedMessage id="sessions.endAll" />
            </Button>
          )}
        </div>
        {others.length > 0 ? (
          <ul className="rows">
            {others.map((d) => (
              <DeviceRow key={d.id} device={d} />
            ))}
          </ul>
        ) : (
          <p className="pad muted">
            <FormattedMessage id="sessions.none" />
          </p>
        )}
      </section>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={intl.formatMessage({ id: "sessions.endAllTitle" }, { count: others.length })}
        action={intl.formatMessage({ id: "sessions.endAll" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={endOthers.pending}
        onConfirm={() => endOthers.start()}
      >
        <FormattedMessage id="sessions.endAllText" />
        <ActionError error={endOthers.error} />
      </Confirm>
    </>
  );
}
