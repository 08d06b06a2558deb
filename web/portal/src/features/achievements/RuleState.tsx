import { CirclePause, Hourglass, Workflow } from "lucide-react";
import { FormattedMessage } from "react-intl";
import type { AchievementRule } from "./ruleQueries.ts";

/** What a rule is doing: it runs, it still counts what was recorded before, or it waits for the achievement to be published. */
export function RuleState({ rule: { running, counted_at } }: { rule: Pick<AchievementRule, "running" | "counted_at"> }) {
  const [Icon, look, id] = !running
    ? ([CirclePause, "quiet", "achievements.rule.waits"] as const)
    : counted_at === null
      ? ([Hourglass, "warn", "achievements.rule.counts"] as const)
      : ([Workflow, "ok", "achievements.rule.runs"] as const);
  return (
    <span className={`state ${look}`}>
      <Icon className="i s" aria-hidden="true" />
      <FormattedMessage id={id} />
    </span>
  );
}
