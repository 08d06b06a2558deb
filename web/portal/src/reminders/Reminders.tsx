import { Checkbox } from "@updspace/ui/Checkbox";
import { Select } from "@updspace/ui/Select";
import { useIntl, type IntlShape } from "react-intl";
import css from "./reminders.module.css";
import { choicesWith, inUnit, most, toggled } from "./times.ts";

function timeText(intl: IntlShape, minutes: number): string {
  const { unit, n } = inUnit(minutes);
  return intl.formatMessage({ id: `reminders.${unit}` }, { n });
}

interface ReminderTimesProps {
  legend: string;
  help?: string;
  value: readonly number[];
  onChange: (value: number[]) => void;
}

/** How long before a date reminders come: some of a few times. */
export function ReminderTimes({ legend, help, value, onChange }: ReminderTimesProps) {
  const intl = useIntl();
  return (
    <fieldset className="field">
      <legend className="lab">{legend}</legend>
      {help !== undefined && <p className="small muted">{help}</p>}
      <div className={css["times"]}>
        {choicesWith(value).map((minutes) => (
          <Checkbox
            key={minutes}
            label={timeText(intl, minutes)}
            checked={value.includes(minutes)}
            disabled={value.length >= most && !value.includes(minutes)}
            onChange={(on) => onChange(toggled(value, minutes, on))}
          />
        ))}
      </div>
    </fieldset>
  );
}

const kinds = ["usual", "own", "never"] as const;
const dayAndHour = [1440, 60];

interface ReminderChoiceProps {
  /** null without a choice; empty for no reminder. */
  value: number[] | null;
  /** What holds without a choice, if that is known. */
  otherwise?: readonly number[];
  onChange: (value: number[] | null) => void;
}

/** When a person is reminded: as usual, at times of one's own, or never. */
export function ReminderChoice({ value, otherwise, onChange }: ReminderChoiceProps) {
  const intl = useIntl();
  const kind = value === null ? "usual" : value.length === 0 ? "never" : "own";
  const help =
    otherwise === undefined
      ? intl.formatMessage({ id: "reminders.eachEvent" })
      : otherwise.length === 0
        ? intl.formatMessage({ id: "reminders.none" })
        : intl.formatList(
            otherwise.map((m) => timeText(intl, m)),
            { type: "conjunction" },
          );
  return (
    <>
      <Select
        label={intl.formatMessage({ id: "reminders.when" })}
        value={kind}
        choices={kinds.map((id) => ({ id, name: intl.formatMessage({ id: `reminders.kind.${id}` }) }))}
        onChange={(next) => {
          if (next === "usual") onChange(null);
          else if (next === "never") onChange([]);
          else if (kind !== "own") onChange(otherwise && otherwise.length > 0 ? [...otherwise] : dayAndHour);
        }}
        {...(kind === "usual" && { help })}
      />
      {value !== null && value.length > 0 && (
        <ReminderTimes legend={intl.formatMessage({ id: "reminders.times" })} value={value} onChange={onChange} />
      )}
    </>
  );
}
