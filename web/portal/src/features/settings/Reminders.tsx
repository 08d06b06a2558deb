import { useQuery, useQueryClient } from "@tanstack/react-query";
import { events, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { FormattedMessage, useIntl } from "react-intl";
import { reminderSettingsQuery } from "../../reminders/queries.ts";
import { ReminderChoice } from "../../reminders/Reminders.tsx";

/** When one is reminded of events that one comes to, or that interest one. */
export function Reminders() {
  const intl = useIntl();
  const client = useQueryClient();
  const { data } = useQuery(reminderSettingsQuery);
  const save = useAction({
    run: (minutes: number[] | null, headers) => ok(events.PUT("/api/v1/events/reminders", { body: { minutes }, headers })),
    stale: [reminderSettingsQuery.queryKey],
    done: intl.formatMessage({ id: "reminders.saved" }),
    onDone: (next) => client.setQueryData(reminderSettingsQuery.queryKey, next),
  });
  return (
    <section className="card pad vstack" aria-label={intl.formatMessage({ id: "settings.part.reminders" })}>
      <p className="muted">
        <FormattedMessage id="settings.reminders.help" />
      </p>
      {data && <ReminderChoice value={data.minutes} onChange={save.start} />}
      <ActionError error={save.error} />
    </section>
  );
}
