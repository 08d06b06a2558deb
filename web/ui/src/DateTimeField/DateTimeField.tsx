export { getLocalTimeZone } from "@internationalized/date";
import { getLocalTimeZone, now, parseAbsolute, type ZonedDateTime } from "@internationalized/date";
import { CalendarDays, ChevronLeft, ChevronRight, X } from "lucide-react";
import { Button } from "react-aria-components/Button";
import {
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
} from "react-aria-components/Calendar";
import { DateInput, DateSegment } from "react-aria-components/DateField";
import { DatePicker } from "react-aria-components/DatePicker";
import { Dialog } from "react-aria-components/Dialog";
import { Group } from "react-aria-components/Group";
import { Heading } from "react-aria-components/Heading";
import { Label } from "react-aria-components/Label";
import { Popover } from "react-aria-components/Popover";
import { IconButton } from "../Button/Button.tsx";
import { Notes, type FieldProps } from "../TextField/TextField.tsx";

interface DateTimeFieldProps extends FieldProps {
  /** An instant, RFC 3339; null for none. */
  value: string | null;
  onChange: (value: string | null) => void;
  /** The IANA zone in which it is written and read; that of the browser by default. */
  zone?: string;
  /** The name of the button that empties the field; without it the field is never empty. */
  clearLabel?: string;
}

/** An instant, written as date and time in a zone, which stands beside it. */
export function DateTimeField({ value, onChange, zone = getLocalTimeZone(), clearLabel, ...p }: DateTimeFieldProps) {
  return (
    <DatePicker<ZonedDateTime>
      className="field"
      value={value === null ? null : parseAbsolute(value, zone)}
      onChange={(v) => onChange(v?.toAbsoluteString() ?? null)}
      placeholderValue={now(zone).set({ minute: 0, second: 0, millisecond: 0 })}
      granularity="minute"
      hideTimeZone
      isInvalid={p.error !== undefined}
      isRequired={p.required ?? false}
      isDisabled={p.disabled ?? false}
      validationBehavior="aria"
      shouldCloseOnSelect={false}
    >
      <Label className="lab">{p.label}</Label>
      <Group className="input datetime">
        <DateInput className="segments">{(segment) => <DateSegment segment={segment} className="segment" />}</DateInput>
        {value !== null && !p.disabled && clearLabel !== undefined && (
          <IconButton label={clearLabel} slot={null} onPress={() => onChange(null)}>
            <X className="i s" aria-hidden="true" />
          </IconButton>
        )}
        <Button className="icon-btn">
          <CalendarDays className="i s" aria-hidden="true" />
        </Button>
      </Group>
      <Notes help={p.help} error={p.error} />
      <Popover className="popover">
        <Dialog className="calendar">
          <Calendar>
            <header className="line nowrap">
              <Button slot="previous" className="icon-btn">
                <ChevronLeft className="i s" aria-hidden="true" />
              </Button>
              <Heading className="grow strong center" />
              <Button slot="next" className="icon-btn">
                <ChevronRight className="i s" aria-hidden="true" />
              </Button>
            </header>
            <CalendarGrid>
              <CalendarGridHeader>{(day) => <CalendarHeaderCell>{day}</CalendarHeaderCell>}</CalendarGridHeader>
              <CalendarGridBody>{(date) => <CalendarCell date={date} className="day" />}</CalendarGridBody>
            </CalendarGrid>
          </Calendar>
        </Dialog>
      </Popover>
    </DatePicker>
  );
}
