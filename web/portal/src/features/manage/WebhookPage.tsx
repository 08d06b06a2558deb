import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { PageHead } from "@updspace/ui/PageHead";
import { Skeleton } from "@updspace/ui/Skeleton";
import { Switch } from "@updspace/ui/Switch";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { may, useSession } from "../../session.ts";
import { DeliveryLog } from "./DeliveryLog.tsx";
import { Refused } from "./Refused.tsx";
import css from "./webhooks.module.css";
import { EditWebhook, ShownSecret } from "./WebhookForm.tsx";
import { managesWebhooks, webhookQuery, webhooksKey, type Webhook } from "./webhooks.ts";

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
      {webhook && <DeliveryLog of={webhook} />}
    </>
  );
}

function Settings({ of: w }: { of: Webhook }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const [secret, setSecret] = useState<string | null>(null);
  const [asked, setAsked] = useState<"edit" | "rotate" | "delete">();
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
    <section className="card" aria-label={intl.formatMessage({ id: "manage.webhooks.settings" })}>
      <Switch
        label={intl.formatMessage({ id: "manage.webhooks.on" })}
        help={intl.formatMessage({
          id: w.disabled_reason === null ? `manage.webhooks.state.${w.state}` : `manage.webhooks.disabled.${w.disabled_reason}`,
        })}
        checked={w.state === "active"}
        onChange={turn.start}
      />
      <div className="pad vstack">
        <div className="vstack xs">
          <h2 className="label">
            <FormattedMessage id="manage.webhooks.types" />
          </h2>
          <ul className={css["types"]}>
            {w.types.map((t) => (
              <li key={t}>
                <code>{t}</code>
              </li>
            ))}
          </ul>
        </div>
        <ActionError error={turn.error} />
        <div className="btns">
          <Button onPress={() => setAsked("edit")}>
            <FormattedMessage id="manage.webhooks.edit" />
          </Button>
          {w.format === "standard" && (
            <Button onPress={() => setAsked("rotate")}>
              <FormattedMessage id="manage.secret.rotate" />
            </Button>
          )}
          <Button variant="danger" onPress={() => setAsked("delete")}>
            <FormattedMessage id="manage.delete" />
          </Button>
        </div>
      </div>
      {asked === "edit" && <EditWebhook of={w} onClose={close} />}
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
