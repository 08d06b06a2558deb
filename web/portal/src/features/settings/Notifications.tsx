import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { activity as api } from "@updspace/api";
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { GroupFlag, myGroupsQuery } from "@updspace/kit/groups.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Select } from "@updspace/ui/Select";
import { Switch } from "@updspace/ui/Switch";
import { FormattedMessage, useIntl } from "react-intl";
import { Browsers } from "./Browsers.tsx";
import { mutesQuery, notificationPreferencesQuery } from "./queries.ts";
import style from "./settings.module.css";

type Preferences = api.components["schemas"]["NotificationPreferences"];
type Update = api.components["schemas"]["NotificationPreferencesUpdate"];
type Channel = api.components["schemas"]["NotificationChannel"];

const channels: Channel[] = ["in_app", "email", "push"];

/** Of what a person is told, how, and when. */
export function Notifications() {
  const intl = useIntl();
  const client = useQueryClient();
  const { data } = useQuery(notificationPreferencesQuery);
  const save = useAction({
    run: (body: Update, headers) => ok(activity.PATCH("/api/v1/activity/notifications/preferences", { body, headers })),
    done: intl.formatMessage({ id: "notifications.saved" }),
    onDone: (next) => client.setQueryData(notificationPreferencesQuery.queryKey, next),
  });
  return (
    <div className="vstack">
      {data && <Digest preferences={data} onChange={save.start} />}
      {data && <Kinds preferences={data} onChange={save.start} />}
      <ActionError error={save.error} />
      <Browsers />
      <Mutes />
    </div>
  );
}

interface PartProps {
  preferences: Preferences;
  onChange: (update: Update) => void;
}

/** When e-mails come: at once, or in one a day or a week. */
function Digest({ preferences: p, onChange }: PartProps) {
  const intl = useIntl();
  const here = intl.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <section className="card pad vstack" aria-label={intl.formatMessage({ id: "notifications.digest" })}>
      <div className={style["pair"]}>
        <Select
          label={intl.formatMessage({ id: "notifications.digest" })}
          value={p.email_frequency}
          choices={(["at_once", "daily", "weekly"] as const).map((id) => ({
            id,
            name: intl.formatMessage({ id: `notifications.digest.${id}` }),
          }))}
          onChange={(email_frequency) => onChange({ email_frequency, time_zone: here })}
        />
        {p.email_frequency === "weekly" && (
          <Select
            label={intl.formatMessage({ id: "notifications.digest.weekday" })}
            value={String(p.digest_weekday)}
            choices={[1, 2, 3, 4, 5, 6, 0].map((day) => ({
              id: String(day),
              name: intl.formatDate(Date.UTC(2026, 1, 1 + day), { weekday: "long", timeZone: "UTC" }), // 1 February 2026 is a Sunday
            }))}
            onChange={(day) => onChange({ digest_weekday: Number(day) })}
          />
        )}
        {p.email_frequency !== "at_once" && (
          <Select
            label={intl.formatMessage({ id: "notifications.digest.hour" })}
            value={String(p.digest_hour)}
            choices={Array.from({ length: 24 }, (_, hour) => ({
              id: String(hour),
              name: intl.formatTime(Date.UTC(2026, 1, 1, hour), { hour: "numeric", minute: "numeric", timeZone: "UTC" }),
            }))}
            onChange={(hour) => onChange({ digest_hour: Number(hour), time_zone: here })}
          />
        )}
      </div>
      {p.email_frequency !== "at_once" && (
        <p className="small muted">
          <FormattedMessage id="notifications.digest.zone" values={{ zone: p.time_zone }} />
        </p>
      )}
    </section>
  );
}

/** Kinds by channels. */
function Kinds({ preferences, onChange }: PartProps) {
  const intl = useIntl();
  return (
    <section className="card">
      <table className={style["kinds"]}>
        <caption className="vh">
          <FormattedMessage id="notifications.channels" />
        </caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="vh">
                <FormattedMessage id="notifications.kind" />
              </span>
            </th>
            {channels.map((channel) => (
              <th key={channel} scope="col">
                <FormattedMessage id={`notifications.channel.${channel}`} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preferences.kinds.map((k) => {
            const name = intl.formatMessage({ id: `notifications.kind.${k.kind}` });
            return (
              <tr key={k.kind}>
                <th scope="row">{name}</th>
                {channels.map((channel) => {
                  const on = k[channel];
                  const label = intl.formatMessage(
                    { id: "notifications.channel.of" },
                    { kind: name, channel: intl.formatMessage({ id: `notifications.channel.${channel}` }) },
                  );
                  return (
                    <td key={channel}>
                      {on === null ? (
                        <span className="muted">
                          <span aria-hidden="true">–</span>
                          <span className="vh">
                            <FormattedMessage id="notifications.channels.elsewhere" />
                          </span>
                        </span>
                      ) : (
                        <label className={style["tick"]}>
                          <input
                            type="checkbox"
                            aria-label={label}
                            checked={on}
                            disabled={k.always && channel === "in_app"}
                            onChange={(e) => onChange({ choices: [{ kind: k.kind, channel, enabled: e.target.checked }] })}
                          />
                        </label>
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** The communities and teams of the person, each of which can be muted. */
function Mutes() {
  const intl = useIntl();
  const { data: groups } = useQuery(myGroupsQuery);
  const { data: mutes } = useQuery(mutesQuery);
  const mute = useAction({
    run: ({ kind, id, on }: { kind: "COMMUNITY" | "TEAM"; id: string; on: boolean }, headers): Promise<unknown> => {
      const params = { path: { scope_type: kind, scope_id: id } };
      return on
        ? ok(activity.PUT("/api/v1/activity/notifications/mutes/{scope_type}/{scope_id}", { params, body: { until: null }, headers }))
        : ok(activity.DELETE("/api/v1/activity/notifications/mutes/{scope_type}/{scope_id}", { params, headers }));
    },
    stale: [mutesQuery.queryKey],
    done: intl.formatMessage({ id: "notifications.saved" }),
  });
  if (!groups || !mutes) return null;
  const muted = new Set(mutes.items.map((m) => m.scope_id));
  return (
    <section className="card" aria-label={intl.formatMessage({ id: "notifications.mutes" })}>
      <div className="pad vstack xs">
        <h2>
          <FormattedMessage id="notifications.mutes" />
        </h2>
        <p className="small muted">
          <FormattedMessage id={groups.length === 0 ? "notifications.mutes.none" : "notifications.mutes.help"} />
        </p>
      </div>
      <div className="rows">
        {groups.map((g) => (
          <Switch
            key={g.id}
            label={
              <span className="inline">
                <GroupFlag group={g} size="s" /> <bdi>{intl.formatMessage({ id: "notifications.mutes.of" }, { name: g.name })}</bdi>
              </span>
            }
            checked={muted.has(g.id)}
            disabled={mute.pending}
            onChange={(on) => mute.start({ kind: g.kind, id: g.id, on })}
          />
        ))}
      </div>
      <ActionError error={mute.error} />
    </section>
  );
}
