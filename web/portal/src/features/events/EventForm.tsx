import { Form, FormArea, FormText, standardSchemaResolver, useForm } from "@updspace/kit/forms.tsx";
import { rules } from "@updspace/kit/rules.ts";
import { Button } from "@updspace/ui/Button";
import { DateTimeField, sameClock, startOfDay } from "@updspace/ui/DateTimeField";
import { LinkButton } from "@updspace/ui/LinkButton";
import { NumberField } from "@updspace/ui/NumberField";
import { RadioCards } from "@updspace/ui/RadioCards";
import { Select } from "@updspace/ui/Select";
import { Switch } from "@updspace/ui/Switch";
import { TextField } from "@updspace/ui/TextField";
import { ZoneField } from "@updspace/ui/ZoneField";
import { FormattedMessage, useIntl } from "react-intl";
import * as v from "valibot";
import { ReminderTimes } from "../../reminders/Reminders.tsx";
import { addDays, dayOf } from "./days.ts";
import { startDay, type EventValues, type Extent } from "./eventRules.ts";
import css from "./events.module.css";
import type { EventDate } from "./queries.ts";
import { RepeatField } from "./RepeatField.tsx";
import { city, useZone } from "./when.tsx";

interface EventFormProps {
  values: EventValues;
  /** What the change is about; a new event is all of it. */
  extent: Extent;
  /** The kind of place it belongs to, which says who may read it. */
  scopeType: EventDate["scopeType"];
  action: { pending: boolean; error: Error | null };
  onSubmit: (values: EventValues, draft: boolean) => void;
  back: string;
  /** Fields of a new event that stand first. */
  place?: { value: string; choices: { id: string; name: string }[]; onChange: (id: string) => void };
}

const mostSeats = 100_000;
const evening = 18 * 3_600_000; // milliseconds after midnight, when most things begin
const twoHours = 7_200_000; // milliseconds

const anything = v.custom<EventValues["repeat"]>(() => true);

export function EventForm({ values, extent, scopeType, action, onSubmit, back, place }: EventFormProps) {
  const intl = useIntl();
  const mine = useZone();
  const { text } = rules(intl);
  const form = useForm({
    resolver: standardSchemaResolver(
      v.pipe(
        v.object({
          title: text({ required: true, max: 255 }),
          description: text({ max: 10000 }),
          locationText: text({ max: 255 }),
          locationUrl: v.pipe(
            text({ max: 512 }),
            v.check((s) => s === "" || /^https?:\/\/[^\s]+$/i.test(s), intl.formatMessage({ id: "calendar.field.url.wrong" })),
          ),
          startsAt: v.string(),
          endsAt: v.string(),
          timeZone: v.string(),
          allDay: v.boolean(),
          visibility: v.picklist(["public", "community", "team", "private"]),
          repeat: anything,
          reminders: v.array(v.number()),
          capacity: v.number(),
          plusOnes: v.number(),
        }),
        v.forward(
          v.partialCheck(
            [["startsAt"], ["endsAt"]],
            ({ startsAt, endsAt }) => Date.parse(endsAt) > Date.parse(startsAt),
            intl.formatMessage({ id: "calendar.field.end.before" }),
          ),
          ["endsAt"],
        ),
      ),
    ),
    defaultValues: values,
  });
  const now = form.watch();
  const { errors } = form.formState;
  const zone = now.timeZone;
  const moveStart = (at: string) => {
    const lasts = Date.parse(now.endsAt) - Date.parse(now.startsAt);
    form.setValue("startsAt", at);
    form.setValue("endsAt", new Date(Date.parse(at) + Math.max(lasts, 0)).toISOString());
  };
  const choose = (next: string) => {
    const to = next || mine;
    form.setValue("startsAt", sameClock(now.startsAt, zone, to));
    form.setValue("endsAt", sameClock(now.endsAt, zone, to));
    form.setValue("timeZone", to);
  };
  const wholeDays = (on: boolean) => {
    if (on) {
      form.setValue("startsAt", startOfDay(dayOf(now.startsAt, zone), zone));
      form.setValue("endsAt", startOfDay(addDays(dayOf(Date.parse(now.endsAt) - 1, zone), 1), zone));
    } else {
      const start = Date.parse(now.startsAt) + evening;
      form.setValue("startsAt", new Date(start).toISOString());
      form.setValue("endsAt", new Date(start + twoHours).toISOString());
    }
    form.setValue("allDay", on);
  };
  const one = extent === "this";
  const visibilities = (["public", "community", "team", "private"] as const).filter(
    (x) => (x !== "community" && x !== "team") || x.toUpperCase() === scopeType,
  );
  const zoneName = intl.formatMessage({ id: "calendar.field.inZone" }, { zone: city(zone) });
  const submit = (draft: boolean) => form.handleSubmit((valid) => onSubmit(valid, draft))();
  return (
    <Form form={form} action={action} onSubmit={(valid) => onSubmit(valid, false)}>
      {place && place.choices.length > 1 && (
        <Select
          label={intl.formatMessage({ id: "calendar.field.place" })}
          value={place.value}
          onChange={place.onChange}
          choices={place.choices}
        />
      )}
      <FormText control={form.control} name="title" label={intl.formatMessage({ id: "calendar.field.title" })} maxLength={255} required />
      {!one && (
        <div className="card rows">
          <Switch label={intl.formatMessage({ id: "calendar.field.allDay" })} checked={now.allDay} onChange={wholeDays} />
        </div>
      )}
      <div className={css["pair"]}>
        {now.allDay ? (
          <>
            <TextField
              type="date"
              label={intl.formatMessage({ id: "calendar.field.firstDay" })}
              value={dayOf(now.startsAt, zone)}
              onChange={(day) => {
                if (day !== "") moveStart(startOfDay(day, zone));
              }}
            />
            <TextField
              type="date"
              label={intl.formatMessage({ id: "calendar.field.lastDay" })}
              value={dayOf(Date.parse(now.endsAt) - 1, zone)}
              onChange={(day) => {
                if (day !== "") form.setValue("endsAt", startOfDay(addDays(day, 1), zone));
              }}
              error={errors.endsAt?.message}
            />
          </>
        ) : (
          <>
            <DateTimeField
              label={intl.formatMessage({ id: "calendar.field.starts" })}
              help={zoneName}
              zone={zone}
              value={now.startsAt}
              onChange={(at) => {
                if (at !== null) moveStart(at);
              }}
              error={errors.startsAt?.message}
            />
            <DateTimeField
              label={intl.formatMessage({ id: "calendar.field.ends" })}
              help={zoneName}
              zone={zone}
              value={now.endsAt}
              onChange={(at) => {
                if (at !== null) form.setValue("endsAt", at);
              }}
              error={errors.endsAt?.message}
            />
          </>
        )}
      </div>
      {!one && (
        <ZoneField
          label={intl.formatMessage({ id: "calendar.field.zone" })}
          help={intl.formatMessage({ id: "calendar.field.zone.help" })}
          value={zone}
          onChange={choose}
          deviceName={intl.formatMessage({ id: "calendar.field.zone.mine" })}
        />
      )}
      {!one && (
        <RepeatField value={now.repeat} onChange={(r) => form.setValue("repeat", r)} start={startDay(now)} error={errors.repeat?.message} />
      )}
      <FormText control={form.control} name="locationText" label={intl.formatMessage({ id: "calendar.field.location" })} maxLength={255} />
      <FormText
        control={form.control}
        name="locationUrl"
        label={intl.formatMessage({ id: "calendar.field.url" })}
        help={intl.formatMessage({ id: "calendar.field.url.help" })}
        inputMode="url"
        maxLength={512}
      />
      <FormArea control={form.control} name="description" label={intl.formatMessage({ id: "calendar.field.description" })} />
      {!one && (
        <div className={css["pair"]}>
          <NumberField
            label={intl.formatMessage({ id: "calendar.field.capacity" })}
            help={intl.formatMessage({ id: "calendar.field.capacity.help" })}
            value={now.capacity}
            min={0}
            max={mostSeats}
            onChange={(n) => form.setValue("capacity", n)}
          />
          <NumberField
            label={intl.formatMessage({ id: "calendar.field.plusOnes" })}
            value={now.plusOnes}
            min={0}
            max={10}
            onChange={(n) => form.setValue("plusOnes", n)}
          />
        </div>
      )}
      {!one && (
        <ReminderTimes
          legend={intl.formatMessage({ id: "reminders.event" })}
          help={intl.formatMessage({ id: "reminders.event.help" })}
          value={now.reminders}
          onChange={(list) => form.setValue("reminders", list)}
        />
      )}
      {!one && (
        <RadioCards
          legend={intl.formatMessage({ id: "calendar.field.visibility" })}
          value={now.visibility}
          onChange={(x) => form.setValue("visibility", x)}
          columns
          choices={visibilities.map((id) => ({
            id,
            name: intl.formatMessage({ id: `calendar.visibility.${id}` }),
            help: intl.formatMessage({ id: `calendar.visibility.${id}.help` }),
          }))}
        />
      )}
      <div className="btns right">
        <LinkButton href={back}>
          <FormattedMessage id="action.cancel" />
        </LinkButton>
        {place && (
          <Button pending={action.pending} onPress={() => void submit(true)}>
            <FormattedMessage id="calendar.save.draft" />
          </Button>
        )}
        <Button type="submit" variant="primary" pending={action.pending}>
          <FormattedMessage id={place ? "calendar.save.new" : "action.save"} />
        </Button>
      </div>
    </Form>
  );
}
