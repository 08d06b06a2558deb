import { Cover } from "@updspace/ui/Cover";
import { Flag } from "@updspace/ui/Flag";
import { Form, FormArea, FormText, standardSchemaResolver, useForm } from "@updspace/kit/forms.tsx";
import type { Group } from "@updspace/kit/groups.tsx";
import { rules } from "@updspace/kit/rules.ts";
import { Button } from "@updspace/ui/Button";
import { RadioCards } from "@updspace/ui/RadioCards";
import { Switch } from "@updspace/ui/Switch";
import { useController } from "react-hook-form";
import { FormattedMessage, useIntl } from "react-intl";
import * as v from "valibot";
import style from "./groups.module.css";
import type { JoinPolicy } from "./queries.ts";

export interface GroupDraft {
  name: string;
  description: string;
  join_policy: JoinPolicy;
  hue: number | null;
}

export const newGroup: GroupDraft = { name: "", description: "", join_policy: "open", hue: null };

interface GroupFormProps {
  kind: Group["kind"];
  /** The id from which the flag is drawn; of a new group none. */
  id?: string;
  value: GroupDraft;
  action: { error: Error | null; pending: boolean };
  save: string;
  onSave: (draft: GroupDraft) => void;
  onCancel?: () => void;
}

/** Name, words, way in and colour of a community or team. */
export function GroupForm({ kind, id, value, action, save, onSave, onCancel }: GroupFormProps) {
  const intl = useIntl();
  const { text } = rules(intl);
  const schema = v.object({
    name: text({ required: true, max: 128 }),
    description: text({ max: 10_000 }),
    join_policy: v.picklist(["open", "request", "invite"]),
    hue: v.nullable(v.number()),
  });
  const form = useForm({ resolver: standardSchemaResolver(schema), defaultValues: value });
  const policy = useController({ control: form.control, name: "join_policy" }).field;
  const name = useController({ control: form.control, name: "name" }).field.value;
  const hue = useController({ control: form.control, name: "hue" }).field;
  const choices = (["open", "request", "invite"] as const).map((p) => ({
    id: p,
    name: intl.formatMessage({ id: `groups.policy.${p}` }),
    help: intl.formatMessage({ id: `groups.policy.${p}.help` }),
  }));
  return (
    <Form form={form} action={action} onSubmit={onSave}>
      {id !== undefined && (
        <Cover
          id={id}
          label={intl.formatMessage({ id: "groups.preview" })}
          colours={hue.value === null ? undefined : { hue: hue.value }}
          size="slim"
        >
          <span className={style["name"]} dir="auto">
            {name}
          </span>
        </Cover>
      )}
      <FormText control={form.control} name="name" label={intl.formatMessage({ id: "groups.name" })} required maxLength={128} />
      <FormArea
        control={form.control}
        name="description"
        label={intl.formatMessage({ id: "groups.description" })}
        help={intl.formatMessage({ id: "groups.description.help" })}
        rows={3}
      />
      <RadioCards legend={intl.formatMessage({ id: "groups.policy" })} value={policy.value} onChange={policy.onChange} choices={choices} />
      <div className="card">
        <Switch
          label={intl.formatMessage({ id: "groups.hue.own" })}
          help={intl.formatMessage({ id: "groups.hue.help" })}
          checked={hue.value !== null}
          onChange={(own) => hue.onChange(own ? 210 : null)}
        />
        {hue.value !== null && (
          <div className={`row ${style["hue"]}`}>
            <Flag id={id ?? "new"} of={kind === "COMMUNITY" ? "community" : "team"} colours={{ hue: hue.value }} />
            <input
              type="range"
              min={0}
              max={359}
              step={5}
              value={hue.value}
              aria-label={intl.formatMessage({ id: "groups.hue" })}
              onChange={(e) => hue.onChange(e.target.valueAsNumber)}
            />
          </div>
        )}
      </div>
      <div className="btns right">
        {onCancel && (
          <Button onPress={onCancel}>
            <FormattedMessage id="action.cancel" />
          </Button>
        )}
        <Button type="submit" variant="primary" pending={action.pending}>
          {save}
        </Button>
      </div>
    </Form>
  );
}
