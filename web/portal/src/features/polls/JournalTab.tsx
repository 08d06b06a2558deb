import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { PersonName, PersonStack } from "@updspace/kit/people.tsx";
import { Time } from "@updspace/kit/time.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import { useIntl } from "react-intl";
import { readJournal } from "./queries.ts";

const actions = [
  "poll.created",
  "poll.updated",
  "poll.amended",
  "poll.published",
  "poll.opened",
  "poll.closed",
  "poll.deleted",
  "participant.changed",
  "participant.removed",
] as const;

type Action = (typeof actions)[number];

const known = (action: string): action is Action => actions.some((a) => a === action);

/** What was done with the poll, by whom and when; newest first. */
export function JournalTab({ id }: { id: string }) {
  const intl = useIntl();
  const query = usePages({
    key: ["/api/v1/voting/polls", id, "journal"],
    read: (cursor, signal) => readJournal(id, cursor, signal),
  });
  return (
    <PagedList
      query={query}
      empty={
        <div className="card">
          <EmptyState title={intl.formatMessage({ id: "polls.journal.none" })} shape="date" />
        </div>
      }
    >
      {(items) => (
        <ol className="card rows">
          {items.map((e) => (
            <li key={e.id} className="row">
              {e.actor_type === "user" && e.actor_id !== null && <PersonStack people={[e.actor_id]} />}
              <div className="grow">
                <span className="strong block">{known(e.action) ? intl.formatMessage({ id: `polls.journal.${e.action}` }) : e.action}</span>
                <span className="line small muted dots">
                  {e.actor_type === "user" && e.actor_id !== null && <PersonName id={e.actor_id} />}
                  {e.reason !== "" && <bdi>{e.reason}</bdi>}
                </span>
              </div>
              <span className="small muted">
                <Time at={e.created_at} />
              </span>
            </li>
          ))}
        </ol>
      )}
    </PagedList>
  );
}
