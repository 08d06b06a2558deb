import { CalendarClock, CircleCheck, CircleSlash, Lock, PenLine, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { FormattedMessage } from "react-intl";
import type { CannotVote, PollInfo } from "./types.ts";
import css from "./PollPage.module.css";

/** How the poll stands for me, in a sentence: the receipt after voting, or why I cannot vote and who can change that. */
export function PollState({ info: { poll, meta }, cast }: { info: PollInfo; cast: boolean }) {
  if (cast && meta.has_voted) {
    return (
      <Note icon={CircleCheck} tone="ok" title="polls.receipt.title" live>
        <FormattedMessage id={poll.allow_revoting ? "polls.receipt.change" : "polls.receipt.final"} />
        {!meta.can_read_results && (
          <>
            {" "}
            <FormattedMessage id={`polls.hidden.${poll.results_visibility}`} />
          </>
        )}
      </Note>
    );
  }
  const why = meta.cannot_vote;
  if (why === null || (why === "ALREADY_VOTED" && meta.has_voted)) return null;
  return (
    <Note icon={icons[why]} tone="quiet" title={`polls.cannot.${why}`}>
      <FormattedMessage id={`polls.cannot.${why}.text`} />
      {(why === "POLL_CLOSED" || why === "POLL_ENDED") && !meta.can_read_results && (
        <>
          {" "}
          <FormattedMessage id={`polls.hidden.${poll.results_visibility}`} />
        </>
      )}
    </Note>
  );
}

const icons: Record<CannotVote, LucideIcon> = {
  POLL_DRAFT: PenLine,
  POLL_NOT_STARTED: CalendarClock,
  POLL_ENDED: Lock,
  POLL_CLOSED: Lock,
  OBSERVER: CircleSlash,
  NOT_INVITED: CircleSlash,
  NO_PERMISSION: CircleSlash,
  ALREADY_VOTED: CircleCheck,
};

interface NoteProps {
  icon: LucideIcon;
  tone: "ok" | "quiet";
  title: "polls.receipt.title" | `polls.cannot.${CannotVote}`;
  live?: boolean;
  children: ReactNode;
}

function Note({ icon: Icon, tone, title, live, children }: NoteProps) {
  return (
    <section className={`card ${css["note"]} ${css[tone]}`} role={live ? "status" : undefined}>
      <Icon className="i l" aria-hidden="true" />
      <div className="vstack xs">
        <h2>
          <FormattedMessage id={title} />
        </h2>
        <p className="small muted">{children}</p>
      </div>
    </section>
  );
}
