import { useQuery } from "@tanstack/react-query";
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { toast } from "@updspace/ui/Toast";
import { FormattedMessage, useIntl } from "react-intl";
import { browserName, canPush, PushRefused, subscribe } from "./browserPush.ts";
import { pushQuery } from "./queries.ts";

/** The browsers that get notifications, and this one. */
export function Browsers() {
  const intl = useIntl();
  const { data } = useQuery(pushQuery);
  const stale = [pushQuery.queryKey];
  const add = useAction({
    run: async (key: string, headers) => {
      const language = intl.locale.startsWith("ru") ? ("ru" as const) : ("en" as const);
      try {
        const body = { ...(await subscribe(key)), language, browser: browserName() };
        return await ok(activity.POST("/api/v1/activity/notifications/push/subscriptions", { body, headers }));
      } catch (e) {
        if (!(e instanceof PushRefused)) throw e;
        toast(intl.formatMessage({ id: "notifications.browsers.refused" }));
        return undefined;
      }
    },
    stale,
  });
  const remove = useAction({
    run: (id: string, headers) =>
      ok(
        activity.DELETE("/api/v1/activity/notifications/push/subscriptions/{subscription_id}", {
          params: { path: { subscription_id: id } },
          headers,
        }),
      ),
    stale,
  });
  if (!data) return null;
  return (
    <section className="card" aria-label={intl.formatMessage({ id: "notifications.browsers" })}>
      <div className="pad vstack s">
        <h2>
          <FormattedMessage id="notifications.browsers" />
        </h2>
        <p className="small muted">
          <FormattedMessage id={canPush() ? "notifications.browsers.help" : "notifications.browsers.cannot"} />
        </p>
        {canPush() && (
          <div className="btns">
            <Button pending={add.pending} onPress={() => add.start(data.public_key)}>
              <FormattedMessage id="notifications.browsers.add" />
            </Button>
          </div>
        )}
        <ActionError error={add.error ?? remove.error} />
      </div>
      {data.subscriptions.length > 0 && (
        <ul className="rows">
          {data.subscriptions.map((s) => (
            <li key={s.id} className="row">
              <span className="grow">
                <bdi>{s.browser || intl.formatMessage({ id: "notifications.channel.push" })}</bdi>{" "}
                <span className="small muted">
                  <Time at={s.created_at} />
                </span>
              </span>
              <Button size="s" pending={remove.pending} onPress={() => remove.start(s.id)}>
                <FormattedMessage id="notifications.browsers.remove" />
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
