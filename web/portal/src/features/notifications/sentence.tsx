import { usePersonName } from "@updspace/kit/people.tsx";
import { useIntl, type IntlShape } from "react-intl";
import type { Notification } from "./queries.ts";

/** The name of what a notification is about, in the language of the reader. */
function titleOf(intl: IntlShape, { title, details }: Notification): string {
  return details.names?.[intl.locale.slice(0, 2)] ?? title;
}

const security = [
  "linked",
  "unlinked",
  "new_device",
  "password_changed",
  "email_changed",
  "factor_added",
  "factor_removed",
  "recovery_code_used",
  "passkey_added",
  "passkey_removed",
] as const;

function isSecurity(change: string | undefined): change is (typeof security)[number] {
  return security.some((known) => known === change);
}

function whatOf(intl: IntlShape, n: Notification): string {
  const { change, level } = n.details;
  switch (n.kind) {
    case "role":
      if (change === "changed") return intl.formatMessage({ id: "notifications.what.role.changed" });
      if (change === "taken") return intl.formatMessage({ id: "notifications.what.role.taken" });
      return intl.formatMessage({ id: "notifications.what.role" });
    case "request_decided":
      if (change === "declined") return intl.formatMessage({ id: "notifications.what.request_decided.declined" });
      return intl.formatMessage({ id: "notifications.what.request_decided" });
    case "security":
      if (isSecurity(change)) return intl.formatMessage({ id: `notifications.what.security.${change}` });
      return intl.formatMessage({ id: "notifications.what.security" });
    case "level":
      return intl.formatMessage({ id: "notifications.what.level" }, { level });
    case "reaction":
    case "reply":
      return intl.formatMessage({ id: `notifications.what.${n.kind}` }, { n: Math.max(1, n.actor_count) });
    default:
      return intl.formatMessage({ id: `notifications.what.${n.kind}` });
  }
}

/** The sentence that a notification says. */
export function sentence(intl: IntlShape, n: Notification): string {
  const what = whatOf(intl, n);
  const title = titleOf(intl, n);
  return title === "" ? what : intl.formatMessage({ id: "notifications.titled" }, { what, title });
}

/** "Anna and 11 more": who did it. */
export function Who({ id, count }: { id: string; count: number }) {
  const intl = useIntl();
  const name = usePersonName(id);
  return <bdi>{intl.formatMessage({ id: "notifications.who" }, { name, more: Math.max(0, count - 1) })}</bdi>;
}

const fields = ["title", "location_text", "location_url", "schedule", "rrule", "occurrence"] as const;
const roles = ["owner", "admin", "moderator", "observer", "participant", "member"] as const;

const isOneOf = <T extends string>(list: readonly T[], word: string | undefined): word is T => list.includes(word as T);

/** What is to be said besides, without the time of an event. */
export function more(intl: IntlShape, { kind, details }: Notification): string | undefined {
  if (details.excerpt !== undefined) return details.excerpt;
  if (kind === "event_changed" && details.fields !== undefined) {
    const names = details.fields.filter((f) => isOneOf(fields, f)).map((f) => intl.formatMessage({ id: `notifications.field.${f}` }));
    return names.length === 0
      ? undefined
      : intl.formatMessage({ id: "notifications.changed.fields" }, { what: intl.formatList(names, { type: "conjunction" }) });
  }
  if (kind === "event_cancelled" && details.reason !== undefined)
    return intl.formatMessage({ id: "notifications.cancelled.reason" }, { reason: details.reason });
  if (details.reason !== undefined) return details.reason;
  const { role } = details;
  if (details.change !== "taken" && isOneOf(roles, role))
    return intl.formatMessage({ id: "notifications.roleIs" }, { role: intl.formatMessage({ id: `notifications.role.${role}` }) });
  return undefined;
}
