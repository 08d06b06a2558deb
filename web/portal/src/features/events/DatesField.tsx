import { X } from "lucide-react";
import { Button, IconButton } from "@updspace/ui/Button";
import { DateTimeField } from "@updspace/ui/DateTimeField";
import { TextField } from "@updspace/ui/TextField";
import { onDay } from "@updspace/ui/zoned";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { dayOf } from "./days.ts";
import type { EventValues } from "./eventRules.ts";
import css from "./events.module.css";

interface DatesFieldProps {
  /** Dates besides those of the rule, with times of their own, or dates of the rule on which it does not take place. */
  kind: "extra" | "leftOut";
  dates: readonly string[];
  onChange: (dates: string[]) => void;
  /** The first date, whose clock others have. */
  first: Pick<EventValues, "startsAt" | "timeZone" | "allDay">;
  /** Why a date cannot be one of them, in the reader's language. */
  refuse?: (at: string) => string | undefined;
  error: string | undefined;
}

/** Single dates beside the rule of a series: each in words, and a field for one more. */
export function DatesField({ kind, dates, onChange, first, refuse, error }: DatesFieldProps) {
  const intl = useIntl();
  const [next, setNext] = useState<string>();
  const [refused, setRefused] = useState<string>();
  const { startsAt, timeZone, allDay } = first;
  const timed = kind === "extra" && !allDay;
  const words = (at: string) => intl.formatDate(at, { timeZone, dateStyle: "full", ...(timed && { timeStyle: "short" }) });
  const choose = (at: string | null) => {
    setNext(at ?? undefined);
    setRefused(undefined);
  };
  const add = () => {
    if (next === undefined) return setRefused(intl.formatMessage({ id: "field.REQUIRED" }));
    const why = refuse?.(next);
    if (why !== undefined) return setRefused(why);
    if (!dates.includes(next)) onChange([...dates, next].toSorted());
    choose(null);
  };
  const label = intl.formatMessage({ id: `calendar.dates.${kind}.one` });
  return (
    <fieldset className="field">
      <legend className="lab">
        <FormattedMessage id={`calendar.dates.${kind}`} />
      </legend>
      {dates.length > 0 && (
        <ul className="card rows">
          {dates.map((at) => (
            <li key={at} className={css["single"]}>
              <span className="grow">{words(at)}</span>
              <IconButton
                label={intl.formatMessage({ id: `calendar.dates.${kind}.remove` }, { date: words(at) })}
                onPress={() => onChange(dates.filter((d) => d !== at))}
              >
                <X className="i s" aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <div className={css["adding"]}>
        {timed ? (
          <DateTimeField label={label} zone={timeZone} value={next ?? null} onChange={choose} error={refused ?? error} />
        ) : (
          <TextField
            type="date"
            label={label}
            value={next === undefined ? "" : dayOf(next, timeZone)}
            onChange={(day) => choose(day === "" ? null : onDay(startsAt, day, timeZone))}
            error={refused ?? error}
          />
        )}
        <Button onPress={add}>
          <FormattedMessage id={`calendar.dates.${kind}.add`} />
        </Button>
      </div>
    </fieldset>
  );
}
