import { Form, FormArea, FormText, standardSchemaResolver, useForm } from "@updspace/kit/forms.tsx";
import { rules } from "@updspace/kit/rules.ts";
import { Button } from "@updspace/ui/Button";
import { LinkButton } from "@updspace/ui/LinkButton";
import { RadioCards } from "@updspace/ui/RadioCards";
import { Select } from "@updspace/ui/Select";
import { TextField } from "@updspace/ui/TextField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import * as v from "valibot";
import { ReminderTimes } from "../../reminders/Reminders.tsx";
import { AnswerRulesFields } from "./AnswerRulesFields.tsx";
import { CoHostsField } from "./CoHostsField.tsx";
import { tagsOf, type EventValues, type Extent } from "./eventRules.ts";
import css from "./events.module.css";
import type { EventDate } from "./queries.ts";
import { RepeatField } from "./RepeatField.tsx";
import { WhenFields } from "./WhenFields.tsx";

interface EventFormProps {
  values: EventValues;
  /** What the change is about; a new event is all of it. */
  extent: Extent;
  /** The place it belongs to, which says who may read it and run it. */
  scope: Pick<EventDate, "scopeType" | "scopeId">;
  creator: string;
  action: { pending: boolean; error: Error | null };
  onSubmit: (values: EventValues, draft: boolean) => void;
  back: string;
  /** Fields of a new event that stand first. */
  place?: { value: string; choices: { id: string; name: string }[]; onChange: (id: string) => void };
}

const mostTags = 10;
const longestTag = 32;

const anything = v.custom<EventValues["repeat"]>(() => true);
const ids = v.array(v.string());

export function EventForm({ values, extent, scope, creator, action, onSubmit, back, place }: EventFormProps) {
  const intl = useIntl();
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
          rdates: ids,
          exdates: ids,
          gameId: text({ max: 128 }),
          tags: v.pipe(
            ids,
            v.maxLength(mostTags, intl.formatMessage({ id: "field.TOO_MANY" }, { max: mostTags })),
            v.everyItem((tag) => [...tag].length <= longestTag, intl.formatMessage({ id: "field.TOO_LONG" }, { max: longestTag })),
          ),
          coHosts: ids,
          answersCloseMinutes: v.nullable(v.number()),
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
  const [tags, setTags] = useState(values.tags.join(", "));
  const change = (next: Partial<EventValues>) => {
    for (const [name, value] of Object.entries(next)) form.setValue(name as keyof EventValues, value); // the names of its values
  };
  const { errors } = form.formState;
  const one = extent === "this";
  const visibilities = (["public", "community", "team", "private"] as const).filter(
    (x) => (x !== "community" && x !== "team") || x.toUpperCase() === scope.scopeType,
  );
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
      <WhenFields
        values={now}
        onChange={change}
        errors={{ startsAt: errors.startsAt?.message, endsAt: errors.endsAt?.message }}
        one={one}
      />
      {!one && (
        <RepeatField
          values={now}
          onChange={change}
          errors={{ repeat: errors.repeat?.message, rdates: errors.rdates?.message, exdates: errors.exdates?.message }}
        />
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
          <FormText control={form.control} name="gameId" label={intl.formatMessage({ id: "calendar.field.game" })} maxLength={128} />
          <TextField
            label={intl.formatMessage({ id: "calendar.field.tags" })}
            help={intl.formatMessage({ id: "calendar.field.tags.help" })}
            value={tags}
            onChange={(written) => {
              setTags(written);
              form.setValue("tags", tagsOf(written));
            }}
            error={errors.tags?.message}
          />
        </div>
      )}
      {!one && <AnswerRulesFields value={now} onChange={change} />}
      {!one && <CoHostsField value={now.coHosts} onChange={(coHosts) => change({ coHosts })} creator={creator} scope={scope} />}
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
