import { DateTimeField } from "@updspace/ui/DateTimeField";
import { Switch } from "@updspace/ui/Switch";
import { TextField } from "@updspace/ui/TextField";
import { ZoneField } from "@updspace/ui/ZoneField";
import { sameClock, startOfDay } from "@updspace/ui/zoned";
import { useIntl } from "react-intl";
import { addDays, dayOf } from "./days.ts";
import { startingAt, type EventValues } from "./eventRules.ts";
import css from "./events.module.css";
import { city, useZone } from "./when.tsx";

const evening = 18 * 3_600_000; // milliseconds after midnight, when most things begin
const twoHours = 7_200_000; // milliseconds

interface WhenFieldsProps {
  values: EventValues;
  onChange: (change: Partial<EventValues>) => void;
  errors: { startsAt: string | undefined; endsAt: string | undefined };
  /** One date of a series, which has no zone of its own and is not of another length in days. */
  one: boolean;
}

/** When an event begins and ends, and on the clocks of which zone. A start that moves takes the end along. */
export function WhenFields({ values, onChange, errors, one }: WhenFieldsProps) {
  const intl = useIntl();
  const mine = useZone();
  const { startsAt, endsAt, timeZone, allDay } = values;
  const moveStart = (at: string) => {
    const lasts = Math.max(Date.parse(endsAt) - Date.parse(startsAt), 0);
    onChange({ ...startingAt(values, { startsAt: at, timeZone }), endsAt: new Date(Date.parse(at) + lasts).toISOString() });
  };
  const moveTo = (zone: string) =>
    onChange({
      ...startingAt(values, { startsAt: sameClock(startsAt, timeZone, zone), timeZone: zone }),
      endsAt: sameClock(endsAt, timeZone, zone),
    });
  const lastDay = dayOf(Date.parse(endsAt) - 1, timeZone);
  const wholeDays = (on: boolean) => {
    const start = on ? startOfDay(dayOf(startsAt, timeZone), timeZone) : new Date(Date.parse(startsAt) + evening).toISOString();
    const end = on ? startOfDay(addDays(lastDay, 1), timeZone) : new Date(Date.parse(start) + twoHours).toISOString();
    onChange({ ...startingAt(values, { startsAt: start, timeZone }), endsAt: end, allDay: on });
  };
  const inZone = intl.formatMessage({ id: "calendar.field.inZone" }, { zone: city(timeZone) });
  return (
    <>
      {!one && (
        <div className="card rows">
          <Switch label={intl.formatMessage({ id: "calendar.field.allDay" })} checked={allDay} onChange={wholeDays} />
        </div>
      )}
      <div className={css["pair"]}>
        {allDay ? (
          <>
            <TextField
              type="date"
              label={intl.formatMessage({ id: "calendar.field.firstDay" })}
              value={dayOf(startsAt, timeZone)}
              onChange={(day) => {
                if (day !== "") moveStart(startOfDay(day, timeZone));
              }}
            />
            <TextField
              type="date"
              label={intl.formatMessage({ id: "calendar.field.lastDay" })}
              value={lastDay}
              onChange={(day) => {
                if (day !== "") onChange({ endsAt: startOfDay(addDays(day, 1), timeZone) });
              }}
              error={errors.endsAt}
            />
          </>
        ) : (
          <>
            <DateTimeField
              label={intl.formatMessage({ id: "calendar.field.starts" })}
              help={inZone}
              zone={timeZone}
              value={startsAt}
              onChange={(at) => {
                if (at !== null) moveStart(at);
              }}
              error={errors.startsAt}
            />
            <DateTimeField
              label={intl.formatMessage({ id: "calendar.field.ends" })}
              help={inZone}
              zone={timeZone}
              value={endsAt}
              onChange={(at) => {
                if (at !== null) onChange({ endsAt: at });
              }}
              error={errors.endsAt}
            />
          </>
        )}
      </div>
      {!one && (
        <ZoneField
          label={intl.formatMessage({ id: "calendar.field.zone" })}
          help={intl.formatMessage({ id: "calendar.field.zone.help" })}
          value={timeZone}
          onChange={(zone) => moveTo(zone || mine)}
          deviceName={intl.formatMessage({ id: "calendar.field.zone.mine" })}
        />
      )}
    </>
  );
}
