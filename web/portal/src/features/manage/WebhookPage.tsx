import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { CopyField } from "@updspace/ui/CopyField";
import { Dialog } from "@updspace/ui/Dialog";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { Skeleton } from "@updspace/ui/Skeleton";
import { Switch } from "@updspace/ui/Switch";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { may, useSession } from "../../session.ts";
import { Refused } from "./Refused.tsx";
import { deliveryPages, deliveryQuery, managesWebhooks, webhookQuery, webhooksKey, type Delivery, type Webhook } from "./webhooks.ts";
import { ShownSecret } from "./WebhooksPage.tsx";

/** One webhook: whether it is on, its secret, and its log. */
export function WebhookPage({ id }: { id: string }) {
  const intl = useIntl();
  const allowed = may(useSession(), managesWebhooks);
  const { data: webhook, error, refetch } = useQuery({ ...webhookQuery(id), enabled: allowed });
  if (!allowed) return <Refused permission={managesWebhooks} />;
  if (error) return <Refused permission={managesWebhooks} error={error} retry={() => void refetch()} />;
  return (
    <>
      <PageHead
        title={webhook?.name ?? intl.formatMessage({ id: "manage.webhooks" })}
        sub={!webhook ? "" : webhook.format === "discord" ? "Discord" : new URL(webhook.url).host}
        back={{ href: "/manage/webhooks", name: intl.formatMessage({ id: "manage.webhooks" }) }}
      />
      {webhook ? <Settings of={webhook} /> : <Skeleton label={intl.formatMessage({ id: "loading" })} rows={2} />}
      {webhook && <Log of={webhook} />}
    </>
  );
}

function Settings({ of: w }: { of: Webhook }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const [secret, setSecret] = useState<string | null>(null);
  const [asked, setAsked] = useState<"rotate" | "delete">();
  const params = { path: { webhook_id: w.id } };
  const stale = [[webhooksKey]];
  const turn = useAction({
    run: (active: boolean, headers) => ok(activity.PATCH("/api/v1/activity/webhooks/{webhook_id}", { params, body: { active }, headers })),
    stale,
  });
  const rotate = useAction({
    run: (_: void, headers) => ok(activity.POST("/api/v1/activity/webhooks/{webhook_id}/rotate-secret", { params, headers })),
    stale,
    onDone: (made) => {
      setAsked(undefined);
      setSecret(made.secret);
    },
  });
  const remove = useAction({
    run: (_: void, headers) => ok(activity.DELETE("/api/v1/activity/webhooks/{webhook_id}", { params, headers })),
    stale,
    done: intl.formatMessage({ id: "manage.webhooks.deleted" }),
    onDone: () => void navigate({ to: "/manage/webhooks" }),
  });
  const close = () => setAsked(undefined);
  return (
    <section className="card">
      <Switch
        label={intl.formatMessage({ id: "manage.webhooks.on" })}
        help={intl.formatMessage({
          id: w.disabled_reason === null ? `manage.webhooks.state.${w.state}` : `manage.webhooks.disabled.${w.disabled_reason}`,
        })}
        checked={w.state === "active"}
        onChange={turn.start}
      />
      <p className="small muted">
        {w.types.map((t) => (
          <code key={t}>{t} </code>
        ))}
      </p>
      <ActionError error={turn.error} />
      <div className="btns">
        {w.format === "standard" && (
          <Button onPress={() => setAsked("rotate")}>
            <FormattedMessage id="manage.secret.rotate" />
          </Button>
        )}
        <Button variant="danger" onPress={() => setAsked("delete")}>
          <FormattedMessage id="manage.delete" />
        </Button>
      </div>
      <Confirm
        open={asked === "rotate"}
        onClose={close}
        title={intl.formatMessage({ id: "manage.secret.rotate" })}
        action={intl.formatMessage({ id: "manage.secret.rotate" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        pending={rotate.pending}
        onConfirm={() => rotate.start()}
      >
        <p>
          <FormattedMessage id="manage.secret.rotate.text" />
        </p>
        <ActionError error={rotate.error} />
      </Confirm>
      <Confirm
        open={asked === "delete"}
        onClose={close}
        title={intl.formatMessage({ id: "manage.webhooks.delete" })}
        action={intl.formatMessage({ id: "manage.delete" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={remove.pending}
        onConfirm={() => remove.start()}
      >
        <ActionError error={remove.error} />
      </Confirm>
      {secret !== null && <ShownSecret secret={secret} onClose={() => setSecret(null)} />}
    </section>
  );
}

const day = 86_400_000; // milliseconds

function Log({ of: w }: { of: Webhook }) {
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
        <>
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
        </>
      ) : (
        <Skeleton label={intl.formatMessage({ id: "loading" })} rows={2} />
      )}
      <ActionError error={replay.error} />
      {d.state !== "waiting" && (
        <div className="btns">
          <Button pending={replay.pending} onPress={() => replay.start()}>
            <FormattedMessage id="manage.webhooks.replay" />
          </Button>
        </div>
      )}
    </Dialog>
  );
}
