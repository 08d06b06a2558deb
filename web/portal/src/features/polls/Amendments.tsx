import { Time } from "@updspace/kit/time.tsx";
import { FormattedMessage } from "react-intl";
import type { Poll } from "./types.ts";
import css from "./PollPage.module.css";

/** What was corrected after the first vote, why, and what stood there before. */
export function Amendments({ poll }: { poll: Poll }) {
  if (poll.amendments.length === 0) return null;
  return (
    <section className="card" aria-labelledby="amendments">
      <div className="card-head">
        <h2 id="amendments">
          <FormattedMessage id="polls.amendments" values={{ count: poll.amendments.length }} />
        </h2>
      </div>
      <ol>
        {poll.amendments.toReversed().map((a) => (
          <li key={a.amended_at} className={css["amend"]}>
            <span className="small muted">
              <Time at={a.amended_at} />
            </span>
            <span dir="auto">{a.reason}</span>
            {a.previous_title !== undefined && (
              <span className="small muted">
                <FormattedMessage id="polls.amendments.title" values={{ text: <del dir="auto">{a.previous_title}</del> }} />
              </span>
            )}
            {a.previous_description !== undefined && (
              <span className="small muted">
                <FormattedMessage id="polls.amendments.description" values={{ text: <del dir="auto">{a.previous_description}</del> }} />
              </span>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
