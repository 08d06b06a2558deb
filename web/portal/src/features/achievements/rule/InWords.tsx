import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { ApiError, gamification, ok } from "@updspace/kit/api.ts";
import { errorText, fieldErrors } from "@updspace/kit/errors.tsx";
import { useSettled } from "@updspace/kit/settled.ts";
import { Time } from "@updspace/kit/time.tsx";
import { useEffect } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { achievementsKey, type Achievement } from "../queries.ts";
import { ruleQuery, type AchievementRule, type Rule } from "../ruleQueries.ts";
import { RuleState } from "../RuleState.tsx";
import { RuleWords } from "../RuleWords.tsx";
import css from "./rule.module.css";

/** The rule as the service says it, or what is wrong with it. Nothing is stored. */
const explanationQuery = (id: string, text: string) =>
  queryOptions({
    queryKey: [achievementsKey, id, "explanation", text],
    queryFn: async ({ signal }) => {
      const rule: Rule = JSON.parse(text);
      const params = { path: { achievement_id: id } };
      const call = gamification.POST("/api/v1/gamification/achievements/{achievement_id}/rule/explain", { params, body: rule, signal });
      try {
        return { rule, texts: (await ok(call)).explanation_i18n };
      } catch (e) {
        if (e instanceof ApiError && e.status === 422) return { rule, refusal: e };
        throw e;
      }
    },
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });

interface InWordsProps {
  achievement: Achievement;
  stored: AchievementRule | undefined;
  rule: Rule;
  /** Whether nothing is missing; what is not complete is not asked about. */
  complete: boolean;
  /** Says what is wrong, by field, whenever the rule was checked. */
  onChecked: (errors: Record<string, string>) => void;
}

/** The rule in words while it is written, what the stored one is doing, and what storing it will do. */
export function InWords({ achievement, stored, rule, complete, onChecked }: InWordsProps) {
  const intl = useIntl();
  const text = useSettled(complete ? JSON.stringify(rule) : "");
  const { data, error } = useQuery({ ...explanationQuery(achievement.id, text), enabled: text !== "" });
  const refusal = data?.refusal;
  useEffect(() => onChecked(refusal ? fieldErrors(intl, refusal) : {}), [refusal, intl, onChecked]);
  const { data: now = stored } = useQuery({ ...ruleQuery(achievement.id), enabled: stored !== undefined });
  const published = achievement.status === "published";
  return (
    <aside className={`card pad-l vstack ${css["words"]}`} aria-labelledby="in-words">
      <h2 id="in-words">
        <FormattedMessage id="rules.words" />
      </h2>
      <p className={css["sentence"]} role="status">
        {!complete ? (
          <span className="muted">
            <FormattedMessage id="rules.words.incomplete" />
          </span>
        ) : refusal ? (
          <span className="field-error">{errorText(intl, refusal)}</span>
        ) : error ? (
          <span className="field-error">{errorText(intl, error)}</span>
        ) : (
          data?.texts && <RuleWords rule={data.rule} texts={data.texts} />
        )}
      </p>
      <div className="vstack s">
        {stored && now ? (
          <div className="line">
            <RuleState rule={now} />
            {now.running && now.counted_at !== null && (
              <span className="small muted">
                <FormattedMessage id="rules.counted" values={{ time: <Time at={now.counted_at} /> }} />
              </span>
            )}
          </div>
        ) : (
          <span className="state quiet">
            <FormattedMessage id="rules.none" />
          </span>
        )}
        <p className="small muted">
          <FormattedMessage id={published ? "rules.effect.published" : "rules.effect.draft"} />
        </p>
      </div>
    </aside>
  );
}
