import { useQuery } from "@tanstack/react-query";
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { CopyField } from "@updspace/ui/CopyField";
import { Dialog } from "@updspace/ui/Dialog";
import { EmptyState } from "@updspace/ui/EmptyState";
import { Skeleton } from "@updspace/ui/Skeleton";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { deliveryPages, deliveryQuery, webhooksKey, type Delivery, type Webhook } from "./webhooks.ts";

const day = 86_400_000; // milliseconds

/** What was sent to an address, the latest first, and what became of it. */
export function DeliveryLog({ of: w }: { of: Webhook }) {
  const intl = useIntl();
  const log = usePages(deliveryPages(w.id), 3000);
  const [shown, setShown] = useState<Delivery>();
  const params = { path: { webhook_id: w.id } };
  const stale = [[webhooksKey, w.id]];
  const test = useAction({
    run: (_: void, headers) => ok(activity.POST("/api/v1/activity/webhooks/{webhook_id}/test", { params, headers })),
    stale,
    done: intl.formatMessage({ id: "manage.webhooks.tested" }),
  });
  const replay = useAction({
    run: (_: void, headers) =>
      ok(
        activity.POST("/api/v1/activity/webhooks/{webhook_id}/replay", {
          params,
          body: { since: new Date(Date.now() - 30 * day).toISOString() },
          headers,
        }),
      ),
    stale,
    done: ({ count }) => intl.formatMessage({ id: "manage.webhooks.replayed" }, { count }),
  });
  return (
    <section className="card" aria-labelledby="log">
      <div className="card-head">
        <h2 id="log">
          <FormattedMessage id="manage.webhooks.log" />
        </h2>
        <div className="btns">
          <Button pending={test.pending} onPress={() => test.start()}>
            <FormattedMessage id="manage.webhooks.test" />
          </Button>
          {log.items.some((d) => d.state === "dead") && (
            <Button pending={replay.pending} onPress={() => replay.start()}>
              <FormattedMessage id="manage.webhooks.replay.dead" />
            </Button>
          )}
        </div>
      </div>
      <ActionError error={test.error ?? replay.error} />
      <PagedList
        query={log}
        empty={
          <EmptyState shape="patch" title={intl.formatMessage({ id: "manage.webhooks.log.none" })}>
            <FormattedMessage id="manage.webhooks.log.none.text" />
          </EmptyState>
        }
      >
        {(items) => (
          <ul className="rows">
            {items.map((d) => (
              <li key={d.id} className="row">
                <div className="grow">
                  <code>{d.type}</code>
                  <div className="small muted line dots">
                    <span>
                      <Result of={d} />
                    </span>
                    <span>
                      <Time at={d.last_at ?? d.created_at} />
                    </span>
                  </div>
                </div>
                <Button size="s" onPress={() => setShown(d)}>
                  <FormattedMessage id="manage.webhooks.show" />
                  <span className="vh"> {d.type}</span>
                </Button>
              </li>
            ))}
          </ul>
        )}
      </PagedList>
      {shown && <Detail webhook={w.id} of={shown} onClose={() => setShown(undefined)} />}
    </section>
  );
}

function Result({ of: { state, last_status, last_reason } }: { of: Delivery }) {
  return (
    <>
      <FormattedMessage id={`manage.webhooks.delivery.${state}`} />
      {(last_status ?? last_reason) !== null && ` (${last_status ?? last_reason})`}
    </>
  );
}

function Detail({ webhook, of: d, onClose }: { webhook: string; of: Delivery; onClose: () => void }) {
  const intl = useIntl();
  const { data } = useQuery(deliveryQuery(webhook, d.id));
  const replay = useAction({
    run: (_: void, headers) =>
      ok(
        activity.POST("/api/v1/activity/webhooks/{webhook_id}/deliveries/{delivery_id}/replay", {
          params: { path: { webhook_id: webhook, delivery_id: d.id } },
          headers,
        }),
      ),
    stale: [[webhooksKey, webhook]],
    done: intl.formatMessage({ id: "manage.webhooks.replayed" }, { count: 1 }),
    onDone: onClose,
  });
  return (
    <Dialog open onClose={onClose} title={d.type} closeLabel={intl.formatMessage({ id: "action.close" })} wide>
      {data ? (
        <div className="vstack">
          <ul className="rows">
            {data.attempts.map((a) => (
              <li key={a.number} className="row small">
                <span className="grow">
                  <Time at={a.at} /> · {a.status ?? a.reason} · {intl.formatNumber(a.took_ms, { style: "unit", unit: "millisecond" })}
                </span>
              </li>
            ))}
          </ul>
          <CopyField
            label={intl.formatMessage({ id: "manage.webhooks.body" })}
            value={data.body}
            copy={intl.formatMessage({ id: "action.copy" })}
            copied={intl.formatMessage({ id: "action.copied" })}
          />
        </div>
      ) : (
        <Skeleton label={intl.formatMessage({ id: "loading" })} rows={2} />
      )}
      <ActionError error={replay.error} />
      {d.state !== "waiting" && (
        <div className="btns right">
          <Button pending={replay.pending} onPress={() => replay.start()}>
            <FormattedMessage id="manage.webhooks.replay" />
          </Button>
        </div>
      )}
    </Dialog>
  );
}
