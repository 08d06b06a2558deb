import { Link } from "@tanstack/react-router";
import { BarChart3, Check, ChevronRight } from "lucide-react";
import { LinkButton } from "@updspace/ui/LinkButton";
import { DateBanner } from "@updspace/kit/time.tsx";
import { FormattedMessage } from "react-intl";
import { PlaceFlag, usePlaceName } from "./Place.tsx";
import { closedAt, PollTime } from "./PollTime.tsx";
import type { MyPoll, Poll } from "./types.ts";
import { vh } from "./words.tsx";
import css from "./PollsPage.module.css";

/** A poll in the list: its day, its name, whose it is, how it stands, and the one thing that one can do. */
export function PollRow({ item: { poll, my } }: { item: MyPoll }) {
  const name = usePlaceName(poll);
  return (
    <li className={`row ${css["row"]}`}>
      <Lead poll={poll} />
      <div className="grow vstack xs">
        <Link to="/polls/$id" params={{ id: poll.id }} className="strong" dir="auto">
          {poll.title}
        </Link>
        <span className="line small muted">
          <span dir="auto">{name}</span>
          <PollTime poll={poll} />
          {my.has_voted && (
            <span className="state ok">
              <Check className="i s" aria-hidden="true" />
              <FormattedMessage id="polls.voted" />
            </span>
          )}
        </span>
      </div>
      <Act item={{ poll, my }} />
    </li>
  );
}

function Lead({ poll }: { poll: Poll }) {
  const day =
    poll.phase === "scheduled" ? poll.starts_at : poll.phase === "closed" ? closedAt(poll) : poll.phase === "open" ? poll.ends_at : null;
  return day === null ? (
    <span className={css["flag"]}>
      <PlaceFlag poll={poll} />
    </span>
  ) : (
    <DateBanner at={day} />
  );
}

function Act({ item: { poll, my } }: { item: MyPoll }) {
  const values = { title: poll.title, vh };
  if (poll.phase === "draft" && my.can_edit_questions) {
    return (
      <LinkButton href={`/polls/${poll.id}/manage`} size="s">
        <FormattedMessage id="polls.edit" values={values} />
      </LinkButton>
    );
  }
  if (my.can_read_results && (poll.phase === "closed" || my.has_voted)) {
    return (
      <LinkButton href={`/polls/${poll.id}/results`} size="s">
        <BarChart3 className="i s" aria-hidden="true" />
        <FormattedMessage id="polls.results" values={values} />
      </LinkButton>
    );
  }
  return (
    <Link to="/polls/$id" params={{ id: poll.id }} className="icon-btn" tabIndex={-1} aria-hidden="true">
      <ChevronRight className="i" aria-hidden="true" />
    </Link>
  );
}
