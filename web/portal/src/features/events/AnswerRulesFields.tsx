import { NumberField } from "@updspace/ui/NumberField";
import { Select } from "@updspace/ui/Select";
import { useIntl, type IntlShape } from "react-intl";
import type { EventValues } from "./eventRules.ts";
import css from "./events.module.css";

const mostSeats = 100_000;
const mostPlusOnes = 10;
const deadlines = [null, 0, 60, 360, 1440, 2880, 10_080]; // minutes before the start

type Rules = Pick<EventValues, "capacity" | "plusOnes" | "answersCloseMinutes">;

/** How many may come, whom they may bring, and until when they answer. */
export function AnswerRulesFields({ value, onChange }: { value: Rules; onChange: (change: Partial<Rules>) => void }) {
  const intl = useIntl();
  const offered = deadlines.includes(value.answersCloseMinutes) ? deadlines : [...deadlines, value.answersCloseMinutes];
  return (
    <div className={css["pair"]}>
      <NumberField
        label={intl.formatMessage({ id: "calendar.field.capacity" })}
        help={intl.formatMessage({ id: "calendar.field.capacity.help" })}
        value={value.capacity}
        min={0}
        max={mostSeats}
        onChange={(capacity) => onChange({ capacity })}
      />
      <NumberField
        label={intl.formatMessage({ id: "calendar.field.plusOnes" })}
        value={value.plusOnes}
        min={0}
        max={mostPlusOnes}
        onChange={(plusOnes) => onChange({ plusOnes })}
      />
      <Select
        label={intl.formatMessage({ id: "calendar.field.deadline" })}
        value={String(value.answersCloseMinutes)}
        choices={offered.map((minutes) => ({ id: String(minutes), name: deadlineText(intl, minutes) }))}
        onChange={(id) => onChange({ answersCloseMinutes: id === "null" ? null : Number(id) })}
      />
    </div>
  );
}

function deadlineText(intl: IntlShape, minutes: number | null): string {
  if (minutes === null) return intl.formatMessage({ id: "calendar.deadline.end" });
  if (minutes === 0) return intl.formatMessage({ id: "calendar.deadline.start" });
  const [n, unit] = minutes % 1440 === 0 ? [minutes / 1440, "day"] : minutes % 60 === 0 ? [minutes / 60, "hour"] : [minutes, "minute"];
  return intl.formatMessage({ id: "calendar.deadline.before" }, { n, unit });
}
