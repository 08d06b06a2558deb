import { Trash2 } from "lucide-react";
import { IconButton } from "@updspace/ui/Button";
import { NumberField } from "@updspace/ui/NumberField";
import { Select } from "@updspace/ui/Select";
import { Switch } from "@updspace/ui/Switch";
import { TextField } from "@updspace/ui/TextField";
import { useIntl } from "react-intl";
import { changed, facts, fieldsLeft, hasWindow, measuresOf, most, mostNeeded, units, type Condition } from "./draft.ts";
import { AddFilter, FilterField } from "./FilterField.tsx";
import css from "./rule.module.css";

interface ConditionCardProps {
  condition: Condition;
  /** Which one it is, from 1. */
  n: number;
  /** What is wrong, by the names of the fields in the condition. */
  errors: Record<string, string>;
  /** Whether filters without a value are pointed out. */
  strict: boolean;
  onChange: (next: Condition) => void;
  /** There are others. */
  onRemove?: (() => void) | undefined;
}

/** One condition of a rule: what counts, how it is measured, how much is needed, and what narrows it. */
export function ConditionCard({ condition: c, n, errors, strict, onChange, onRemove }: ConditionCardProps) {
  const intl = useIntl();
  const change = (part: Partial<Condition>) => onChange(changed(c, part));
  const title = intl.formatMessage({ id: "rules.condition" }, { n });
  const measures = measuresOf(c.fact);
  const filter = (i: number, any_of: string[]) => change({ where: c.where.map((w, at) => (at === i ? { ...w, any_of } : w)) });
  const errorOf = (i: number, empty: boolean) =>
    Object.entries(errors).find(([field]) => field.startsWith(`where.${i}.`))?.[1] ??
    (strict && empty ? intl.formatMessage({ id: "rules.filter.empty" }) : undefined);
  return (
    <section className="card pad-l vstack" aria-label={title}>
      <div className={css["head"]}>
        <h2 className="grow">{title}</h2>
        {onRemove && (
          <IconButton label={intl.formatMessage({ id: "rules.condition.remove" }, { n })} onPress={onRemove}>
            <Trash2 className="i" aria-hidden="true" />
          </IconButton>
        )}
      </div>
      {errors[""] !== undefined && (
        <p className="field-error" role="alert">
          {errors[""]}
        </p>
      )}
      <div className={css["pair"]}>
        <Select
          label={intl.formatMessage({ id: "rules.fact" })}
          value={c.fact}
          choices={facts.map((id) => ({ id, name: intl.formatMessage({ id: `rules.fact.${id}` }) }))}
          onChange={(fact) => change({ fact })}
          error={errors["fact"]}
        />
        {measures.length > 1 && (
          <Select
            label={intl.formatMessage({ id: "rules.measure" })}
            value={c.measure}
            choices={measures.map((id) => ({
              id,
              name: intl.formatMessage({ id: `rules.measure.${id}` }),
              help: intl.formatMessage({ id: `rules.measure.${id}.help` }),
            }))}
            onChange={(measure) => change({ measure })}
            error={errors["measure"]}
          />
        )}
        <NumberField
          label={intl.formatMessage({ id: c.measure === "years" ? "rules.need.years" : "rules.need" })}
          value={c.need}
          onChange={(need) => change({ need })}
          min={1}
          max={mostNeeded(c)}
          error={errors["need"]}
        />
        {c.measure === "streak" && (
          <Select
            label={intl.formatMessage({ id: "rules.unit" })}
            value={c.unit}
            choices={units.map((id) => ({ id, name: intl.formatMessage({ id: `rules.unit.${id}` }) }))}
            onChange={(unit) => change({ unit })}
            error={errors["unit"]}
          />
        )}
      </div>
      {hasWindow(c.measure) && (
        <div className="card">
          <Switch
            label={intl.formatMessage({ id: "rules.window" })}
            help={intl.formatMessage({ id: "rules.window.help" })}
            checked={c.window_days !== null}
            onChange={(on) => change({ window_days: on ? 30 : null })}
          />
          {c.window_days !== null && (
            <div className={css["window"]}>
              <NumberField
                label={intl.formatMessage({ id: "rules.window.days" })}
                value={c.window_days}
                onChange={(window_days) => change({ window_days })}
                min={1}
                max={most.window}
                error={errors["window_days"]}
              />
            </div>
          )}
        </div>
      )}
      <div className={css["pair"]}>
        <TextField
          type="date"
          label={intl.formatMessage({ id: "rules.from" })}
          help={intl.formatMessage({ id: "rules.from.help" })}
          value={c.from}
          onChange={(from) => change({ from })}
          error={errors["from"]}
        />
        <TextField
          type="date"
          label={intl.formatMessage({ id: "rules.until" })}
          help={intl.formatMessage({ id: "rules.until.help" })}
          value={c.until}
          onChange={(until) => change({ until })}
          error={errors["until"]}
        />
      </div>
      {c.where.map((w, i) => (
        <FilterField
          key={w.field}
          fact={c.fact}
          filter={w}
          onChange={(any_of) => filter(i, any_of)}
          onRemove={() => change({ where: c.where.filter((_, at) => at !== i) })}
          error={errorOf(i, w.any_of.length === 0)}
        />
      ))}
      <AddFilter fields={fieldsLeft(c)} onAdd={(field) => change({ where: [...c.where, { field, any_of: [] }] })} />
    </section>
  );
}
