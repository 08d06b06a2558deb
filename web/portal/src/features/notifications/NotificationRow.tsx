import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { FlagOf } from "@updspace/kit/groups.tsx";
import { PersonStack } from "@updspace/kit/people.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { DateBanner, Time } from "@updspace/kit/time.tsx";
import { IconButton } from "@updspace/ui/Button";
import { Flag } from "@updspace/ui/Flag";
import { Patch } from "@updspace/ui/Patch";
import { TextLink } from "@updspace/ui/TextLink";
import { X } from "lucide-react";
import { FormattedMessage, useIntl } from "react-intl";
import { boot } from "../../session.ts";
import css from "./notifications.module.css";
import { notificationsKey, type Notification } from "./queries.ts";
import { more, sentence, Who } from "./sentence.tsx";

/** One notification. Following its link marks it as read. */
export function NotificationRow({ notification: n }: { notification: Notification }) {
  const intl = useIntl();
  const stale = [[notificationsKey]];
  const params = { path: { notification_id: n.id } };
  const read = useAction({
    run: (_: void, headers) => ok(activity.POST("/api/v1/activity/notifications/{notification_id}/read", { params, headers })),
    stale,
  });
  const remove = useAction({
    run: (_: void, headers) => ok(activity.DELETE("/api/v1/activity/notifications/{notification_id}", { params, headers })),
    stale,
  });
  const text = sentence(intl, n);
  const besides = more(intl, n);
  const { starts_at: starts, ends_at: ends, time_zone: zone } = n.details;
  const [actor] = n.actor_ids;
  return (
    <li className={`row ${css["notification"]} ${n.read ? "" : css["new"]}`}>
      <span className={css["lead"]}>
        <Lead notification={n} />
      </span>
      <div className="grow vstack xs">
        <p className="t">
          {!n.read && (
            <span className="vh">
              <FormattedMessage id="notifications.new" />
            </span>
          )}
          {n.link === "" ? (
            <bdi>{text}</bdi>
          ) : (
            <TextLink href={n.link} className="" {...(!n.read && { onPress: read.start })}>
              <bdi>{text}</bdi>
            </TextLink>
          )}
        </p>
        <span className="small muted">
          {actor !== undefined && <Who id={actor} count={n.actor_count} />}
          {actor !== undefined && besides !== undefined && " · "}
          {besides !== undefined && <bdi>{besides}</bdi>}
          {starts !== undefined && (
            <>
              {(actor !== undefined || besides !== undefined) && " · "}
              {intl.formatDate(starts, {
                day: "numeric",
                month: "long",
                ...(!n.details.all_day && { hour: "numeric", minute: "numeric" }),
                ...(zone !== undefined && n.details.all_day && { timeZone: zone }),
              })}
            </>
          )}
          {ends !== undefined && n.kind !== "poll_results" && (
            <>
              {(actor !== undefined || besides !== undefined) && " · "}
              <FormattedMessage
                id="notifications.until"
                values={{ time: intl.formatDate(ends, { day: "numeric", month: "long", hour: "numeric", minute: "numeric" }) }}
              />
            </>
          )}
        </span>
        <ActionError error={remove.error} />
      </div>
      <span className={`small muted ${css["when"]}`}>
        <Time at={n.told_at} />
      </span>
      <IconButton
        label={intl.formatMessage({ id: "notifications.delete" }, { title: text })}
        disabled={remove.pending}
        onPress={() => remove.start()}
      >
        <X className="i s" aria-hidden="true" />
      </IconButton>
    </li>
  );
}

/** What it is about: a date, people, a patch, or a flag. */
function Lead({ notification: n }: { notification: Notification }) {
  if (n.kind.startsWith("event_") && n.details.starts_at !== undefined) return <DateBanner at={n.details.starts_at} />;
  if (n.kind === "badge") return <Patch id={n.link.split("/").at(-1) ?? n.id} size="s" />;
  if (n.actor_ids.length > 0 && (n.kind === "reply" || n.kind === "reaction" || n.kind === "mention"))
    return <PersonStack people={n.actor_ids} most={2} />;
  if (n.scope_id !== null && (n.scope_type === "COMMUNITY" || n.scope_type === "TEAM"))
    return <FlagOf id={n.scope_id} kind={n.scope_type} />;
  const { tenant } = boot;
  return tenant && <Flag id={tenant.id} of="tenant" src={tenant.logo_url} colours={tenant} />;
}
