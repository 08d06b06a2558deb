import { NumberField } from "@updspace/ui/NumberField";
import { RadioCards } from "@updspace/ui/RadioCards";
import { Select } from "@updspace/ui/Select";
import { TextField } from "@updspace/ui/TextField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { DatesField } from "./DatesField.tsx";
import { dayOf, type Day } from "./days.ts";
import { startDay, type EventValues } from "./eventRules.ts";
import { isLast, nthOf, repeatsOn, units, weekly, type MonthDay, type Repeat, type Unit } from "./repeat.ts";
import { repeatText, weekdayName } from "./repeatWords.tsx";
import css from "./events.module.css";

type Series = Pick<EventValues, "repeat" | "rdates" | "exdates">;

interface RepeatFieldProps {
  values: Series & Pick<EventValues, "startsAt" | "timeZone" | "allDay">;
  onChange: (change: Partial<Series>) => void;
  errors: { repeat: string | undefined; rdates: string | undefined; exdates: string | undefined };
}

type Kind = Unit | "never" | "picked" | "other";
type End = "never" | "until" | "count";

const mostTimes = 1000;

/** How an event repeats, in words that say what will come of it: by a rule with exceptions, or on chosen days. */
export function RepeatField({ values, onChange, errors }: RepeatFieldProps) {
  const intl = useIntl();
  const { repeat, rdates, exdates } = values;
  const [picked, setPicked] = useState(repeat === null && rdates.length > 0);
  const start = startDay(values);
  const other = repeat !== null && "rule" in repeat;
  const kind: Kind = repeat === null ? (picked ? "picked" : "never") : other ? "other" : repeat.unit;
  const kinds: Kind[] = ["never", ...units, "picked", ...(other ? ["other" as const] : [])];
  const choose = (next: Kind) => {
    if (next === "other") return;
    setPicked(next === "picked");
    if (next === "never") onChange({ repeat: null, rdates: [], exdates: [] });
    else if (next === "picked") onChange({ repeat: null, exdates: [] });
    else onChange({ repeat: { ...(repeat === null || other ? weekly(start) : repeat), unit: next } });
  };
  const notADate = (at: string) =>
    repeat === null || "rule" in repeat || repeatsOn(repeat, start, dayOf(at, values.timeZone))
      ? undefined
      : intl.formatMessage({ id: "calendar.dates.leftOut.none" });
  return (
    <fieldset className="vstack s">
      <legend className="vh">
        <FormattedMessage id="calendar.field.repeat" />
      </legend>
      <Select
        label={intl.formatMessage({ id: "calendar.field.repeat" })}
        value={kind}
        choices={kinds.map((id) => ({ id, name: intl.formatMessage({ id: `calendar.repeat.kind.${id}` }) }))}
        onChange={choose}
        error={errors.repeat}
        {...(other && { help: repeat.rule })}
      />
      {repeat !== null && !other && <RepeatDetails value={repeat} onChange={(next) => onChange({ repeat: next })} start={start} />}
      {repeat !== null && (
        <DatesField
          kind="leftOut"
          dates={exdates}
          onChange={(dates) => onChange({ exdates: dates })}
          first={values}
          refuse={notADate}
          error={errors.exdates}
        />
      )}
      {kind !== "never" && (
        <DatesField kind="extra" dates={rdates} onChange={(dates) => onChange({ rdates: dates })} first={values} error={errors.rdates} />
      )}
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
