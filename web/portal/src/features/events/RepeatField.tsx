import { NumberField } from "@updspace/ui/NumberField";
import { RadioCards } from "@updspace/ui/RadioCards";
import { Select } from "@updspace/ui/Select";
import { TextField } from "@updspace/ui/TextField";
import { FormattedMessage, useIntl } from "react-intl";
import type { Day } from "./days.ts";
import { isLast, nthOf, units, weekly, type MonthDay, type OtherRule, type Repeat, type Unit } from "./repeat.ts";
import { repeatText, weekdayName } from "./repeatWords.tsx";
import css from "./events.module.css";

interface RepeatFieldProps {
  value: Repeat | OtherRule | null;
  onChange: (value: Repeat | OtherRule | null) => void;
  /** The day of the first date, which says what "on the same day" means. */
  start: Day;
  error?: string | undefined;
}

type Kind = Unit | "never" | "other";
type End = "never" | "until" | "count";

const mostTimes = 1000;

/** How an event repeats, in words that say what will come of it. */
export function RepeatField({ value, onChange, start, error }: RepeatFieldProps) {
  const intl = useIntl();
  const other = value !== null && "rule" in value;
  const kind: Kind = value === null ? "never" : other ? "other" : value.unit;
  const kinds: Kind[] = ["never", ...units, ...(other ? ["other" as const] : [])];
  return (
    <fieldset className="vstack s">
      <legend className="vh">
        <FormattedMessage id="calendar.field.repeat" />
      </legend>
      <Select
        label={intl.formatMessage({ id: "calendar.field.repeat" })}
        value={kind}
        choices={kinds.map((id) => ({ id, name: intl.formatMessage({ id: `calendar.repeat.kind.${id}` }) }))}
        onChange={(next) => {
          if (next === "never") onChange(null);
          else if (next !== "other") onChange({ ...(value === null || other ? weekly(start) : value), unit: next });
        }}
        error={error}
        {...(other && { help: value.rule })}
      />
      {value !== null && !other && <RepeatDetails value={value} onChange={onChange} start={start} />}
    </fieldset>
  );
}

function RepeatDetails({ value, onChange, start }: { value: Repeat; onChange: (value: Repeat) => void; start: Day }) {
  const intl = useIntl();
  const end: End = value.until !== "" ? "until" : value.count > 0 ? "count" : "never";
  const monthDays: MonthDay[] = ["date", ...(nthOf(start) < 5 ? ["weekday" as const] : []), ...(isLast(start) ? ["last" as const] : [])];
  return (
    <>
      <NumberField
        label={intl.formatMessage({ id: `calendar.repeat.every.${value.unit}` })}
        value={value.interval}
        min={1}
        max={99}
        onChange={(interval) => onChange({ ...value, interval })}
      />
      {value.unit === "week" && (
        <fieldset className="field">
          <legend className="lab">
            <FormattedMessage id="calendar.repeat.weekdays" />
          </legend>
          <div className={css["weekdays"]}>
            {[0, 1, 2, 3, 4, 5, 6].map((d) => (
              <label key={d}>
                <input
                  type="checkbox"
                  checked={value.weekdays.includes(d)}
                  onChange={(e) => {
                    const next = e.target.checked ? [...value.weekdays, d] : value.weekdays.filter((x) => x !== d);
                    if (next.length > 0) onChange({ ...value, weekdays: next });
                  }}
                  aria-label={weekdayName(intl, d, "long")}
                />
                <span aria-hidden="true">{weekdayName(intl, d, "short")}</span>
              </label>
            ))}
          </div>
        </fieldset>
      )}
      {value.unit === "month" && (
        <RadioCards
          legend={intl.formatMessage({ id: "calendar.repeat.on" })}
          value={value.monthDay}
          onChange={(monthDay) => onChange({ ...value, monthDay })}
          choices={monthDays.map((id) => ({ id, name: repeatText(intl, { ...value, monthDay: id, until: "", count: 0 }, start) }))}
        />
      )}
      <RadioCards
        legend={intl.formatMessage({ id: "calendar.repeat.end" })}
        value={end}
        columns
        onChange={(next) =>
          onChange({ ...value, until: next === "until" ? value.until || start : "", count: next === "count" ? value.count || 10 : 0 })
        }
        choices={(["never", "until", "count"] as const).map((id) => ({
          id,
          name: intl.formatMessage({ id: `calendar.repeat.end.${id}` }),
        }))}
      />
      {end === "until" && (
        <TextField
          label={intl.formatMessage({ id: "calendar.repeat.lastDay" })}
          type="date"
          value={value.until}
          onChange={(until) => {
            if (until >= start) onChange({ ...value, until });
          }}
        />
      )}
      {end === "count" && (
        <NumberField
          label={intl.formatMessage({ id: "calendar.repeat.times" })}
          value={value.count}
          min={1}
          max={mostTimes}
          onChange={(count) => onChange({ ...value, count })}
        />
      )}
      <p className="small muted" role="status">
        {repeatText(intl, value, start)}
      </p>
    </>
  );
}
