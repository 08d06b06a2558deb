import { useQuery, useQueryClient } from "@tanstack/react-query";
import { events, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { useNow } from "@updspace/kit/time.tsx";
import { FormattedMessage, useIntl } from "react-intl";
import { eventRemindersQuery } from "../../reminders/queries.ts";
import { ReminderChoice } from "../../reminders/Reminders.tsx";
import type { EventDate } from "./queries.ts";

/** When I am reminded of an event that I come to, or that interests me. */
export function ReminderCard({ event }: { event: EventDate }) {
  const intl = useIntl();
  const client = useQueryClient();
  const now = useNow();
  const comes = event.myRsvp === "going" || event.myRsvp === "interested";
  const shown = comes && event.status === "scheduled" && Date.parse(event.startsAt) > now;
  const query = eventRemindersQuery(event.id);
  const { data } = useQuery({ ...query, enabled: shown });
  const save = useAction({
    run: (minutes: number[] | null, headers) =>
      ok(events.PUT("/api/v1/events/{event_id}/reminders", { params: { path: { event_id: event.id } }, body: { minutes }, headers })),
    stale: [query.queryKey],
    done: intl.formatMessage({ id: "reminders.saved" }),
    onDone: (next) => client.setQueryData(query.queryKey, next),
  });
  if (!shown || !data) return null;
  return (
    <section className="card pad vstack s" aria-labelledby="reminders">
      <h2 id="reminders">
        <FormattedMessage id="reminders" />
      </h2>
      <ReminderChoice value={data.minutes} otherwise={data.otherwise} onChange={save.start} />
      <ActionError error={save.error} />
    </section>
  );
}
