import { Eye, ListChecks, Lock, RotateCcw, Users, UsersRound } from "lucide-react";
import { FormattedMessage, useIntl } from "react-intl";
import type { Poll } from "./types.ts";
import css from "./PollPage.module.css";

interface RulesCardProps {
  poll: Pick<Poll, "visibility" | "anonymous" | "allow_revoting" | "results_visibility">;
  questions: number;
}

/** What holds in this poll, in sentences: who may vote, who sees what, whether one can change one's mind. */
export function RulesCard({ poll, questions }: RulesCardProps) {
  const intl = useIntl();
  const rules = [
    { icon: ListChecks, text: intl.formatMessage({ id: "polls.rule.questions" }, { questions }) },
    { icon: UsersRound, text: intl.formatMessage({ id: `polls.visibility.${poll.visibility}.rule` }) },
    { icon: poll.anonymous ? Lock : Users, text: intl.formatMessage({ id: poll.anonymous ? "polls.rule.secret" : "polls.rule.open" }) },
    { icon: RotateCcw, text: intl.formatMessage({ id: poll.allow_revoting ? "polls.rule.change" : "polls.rule.final" }) },
    { icon: Eye, text: intl.formatMessage({ id: `polls.rule.results.${poll.results_visibility}` }) },
  ];
  return (
    <aside className="card" aria-labelledby="rules">
      <div className="card-head">
        <h2 id="rules">
          <FormattedMessage id="polls.rules" />
        </h2>
      </div>
      <ul className={`small ${css["rules"]}`}>
        {rules.map(({ icon: Icon, text }) => (
          <li key={text}>
            <Icon className="i s" aria-hidden="true" />
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </aside>
  );
}
