import { Button } from "@updspace/ui/Button";
import { useEffect, useRef } from "react";
import { FormattedMessage } from "react-intl";
import type { AchievementRule } from "../ruleQueries.ts";
import { RuleWords } from "../RuleWords.tsx";
import css from "./rule.module.css";

export interface Theirs {
  stored: AchievementRule | undefined;
}

/** Another manager has stored another rule meanwhile: which one is taken is the person's choice. */
export function Changed({ theirs: { stored }, onTake }: { theirs: Theirs; onTake: (now: AchievementRule) => void }) {
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.focus(), []);
  return (
    <section className={`card pad vstack s ${css["changed"]}`} ref={section} tabIndex={-1} aria-labelledby="changed">
      <h2 id="changed">
        <FormattedMessage id="rules.changed" />
      </h2>
      {stored ? (
        <>
          <p className="strong">
            <RuleWords rule={stored.rule} texts={stored.explanation_i18n} />
          </p>
          <p>
            <FormattedMessage id="rules.changed.text" />
          </p>
          <div className="btns">
            <Button onPress={() => onTake(stored)}>
              <FormattedMessage id="rules.changed.take" />
            </Button>
          </div>
        </>
      ) : (
        <p>
          <FormattedMessage id="rules.changed.deleted" />
        </p>
      )}
    </section>
  );
}
