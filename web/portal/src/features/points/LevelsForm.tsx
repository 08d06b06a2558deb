import { Plus, Trash2 } from "lucide-react";
import type { gamification as api } from "@updspace/api";
import { gamification, ok } from "@updspace/kit/api.ts";
import { Form, FormText, standardSchemaResolver, useForm } from "@updspace/kit/forms.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { rules } from "@updspace/kit/rules.ts";
import { inWords, languageName, languageOf, written } from "@updspace/kit/texts.ts";
import { Button, IconButton } from "@updspace/ui/Button";
import { NumberField } from "@updspace/ui/NumberField";
import { FormattedMessage, useIntl } from "react-intl";
import * as v from "valibot";
import css from "./points.module.css";
import { pointsKey } from "./queries.ts";
import { inEach, languages, longestName } from "./texts.ts";

const mostLevels = 100;
const mostPoints = 1_000_000_000;

interface Values {
  levels: { points: number; title_i18n: Record<string, string> }[];
}

/** The levels, lowest first, which are saved as a whole. */
export function LevelsForm({ stored }: { stored: api.components["schemas"]["Levels"] }) {
  const intl = useIntl();
  const { text, integer } = rules(intl);
  const form = useForm<Values>({
    resolver: standardSchemaResolver(
      v.object({
        levels: v.array(
          v.object({ points: integer({ min: 0, max: mostPoints }), title_i18n: v.record(v.string(), text({ max: longestName })) }),
        ),
      }),
    ),
    defaultValues: { levels: stored.levels.map((l) => ({ points: l.points, title_i18n: inEach(l.title_i18n) })) },
  });
  const levels = form.watch("levels");
  const save = useAction({
    run: ({ levels }: Values, headers) =>
      ok(
        gamification.PUT("/api/v1/gamification/levels", {
          params: { header: { "If-Match": `"${stored.version}"` } },
          body: { levels: levels.map((l) => ({ points: l.points, title_i18n: written(l.title_i18n) })) },
          headers,
        }),
      ),
    stale: [[pointsKey]],
    done: intl.formatMessage({ id: "points.levels.saved" }),
  });
  const set = (next: Values["levels"]) => form.setValue("levels", next, { shouldDirty: true });
  const own = languageOf(intl.locale);
  const submit = (values: Values) => {
    const untitled = values.levels.findIndex((l) => Object.keys(written(l.title_i18n)).length === 0);
    const low = values.levels.findIndex((l, i) => i > 0 && l.points <= (values.levels[i - 1]?.points ?? 0));
    if (untitled >= 0) {
      const message = intl.formatMessage({ id: "points.levels.untitled" });
      form.setError(`levels.${untitled}.title_i18n.${own}`, { message }, { shouldFocus: true });
    } else if (low >= 0) form.setError(`levels.${low}.points`, { message: intl.formatMessage({ id: "points.levels.low" }) });
    else save.start(values);
  };
  const { errors } = form.formState;
  const order = languages.toSorted((a, b) => Number(b === own) - Number(a === own));
  return (
    <section className="card" aria-labelledby="levels">
      <div className="card-head">
        <h2 id="levels">
          <FormattedMessage id="points.levels" />
        </h2>
      </div>
      <div className={css["levels"]}>
        {levels.length === 0 && (
          <p className="muted">
            <FormattedMessage id="points.levels.none" />
          </p>
        )}
        <Form form={form} action={save} onSubmit={submit}>
          {levels.map((level, i) => (
            <fieldset key={i} className={css["level"]}>
              <legend className="vh">
                <FormattedMessage id="points.level.n" values={{ n: i + 1 }} />
              </legend>
              <NumberField
                label={intl.formatMessage({ id: "points.levels.from" }, { n: i + 1 })}
                value={level.points}
                onChange={(points) => set(levels.map((l, at) => (at === i ? { ...l, points } : l)))}
                min={0}
                max={mostPoints}
                error={errors.levels?.[i]?.points?.message}
              />
              {order.map((language) => (
                <div key={language} className={css["title"]}>
                  <FormText
                    control={form.control}
                    name={`levels.${i}.title_i18n.${language}`}
                    label={intl.formatMessage({ id: "points.levels.title" }, { language: languageName(intl.locale, language) })}
                    maxLength={longestName}
                  />
                </div>
              ))}
              <div className={css["remove"]}>
                <IconButton
                  label={intl.formatMessage(
                    { id: "points.levels.remove" },
                    { n: i + 1, title: inWords(written(level.title_i18n), intl.locale) },
                  )}
                  onPress={() => set(levels.filter((_, at) => at !== i))}
                >
                  <Trash2 className="i" aria-hidden="true" />
                </IconButton>
              </div>
            </fieldset>
          ))}
          <div className="btns">
            {levels.length < mostLevels && (
              <Button onPress={() => set([...levels, { points: nextPoints(levels), title_i18n: inEach({}) }])}>
                <Plus className="i s" aria-hidden="true" />
                <FormattedMessage id="points.levels.add" />
              </Button>
            )}
            <Button type="submit" variant="primary" pending={save.pending}>
              <FormattedMessage id="action.save" />
            </Button>
          </div>
        </Form>
      </div>
    </section>
  );
}

/** Where a new level begins: twice as far as the one before. */
function nextPoints(levels: Values["levels"]): number {
  const last = levels.at(-1);
  return last === undefined ? 0 : Math.min(mostPoints, Math.max(100, last.points * 2));
}
