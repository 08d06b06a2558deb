import { useSuspenseQuery } from "@tanstack/react-query";
import { Form, FormArea, FormText, standardSchemaResolver, useForm } from "@updspace/kit/forms.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { rules } from "@updspace/kit/rules.ts";
import { languageNames } from "@updspace/kit/words.tsx";
import { Button } from "@updspace/ui/Button";
import { Checkbox } from "@updspace/ui/Checkbox";
import { PageHead } from "@updspace/ui/PageHead";
import { RadioCards } from "@updspace/ui/RadioCards";
import { Select } from "@updspace/ui/Select";
import { useController } from "react-hook-form";
import { FormattedMessage, useIntl } from "react-intl";
import * as v from "valibot";
import { DyeFields, DyePreview } from "./Dye.tsx";
import { may, useSession } from "../../session.ts";
import { changeOf, saveCard, showColours, type CardChange } from "./look.ts";
import style from "./look.module.css";
import { Pictures } from "./Pictures.tsx";
import { Refused } from "./Refused.tsx";
import { tenantKey, tenantQuery, type TenantCard } from "./queries.ts";

const languages = ["ru", "en"] as const;
const ways = ["invitation", "application", "open"] as const;

/** Name, colours, pictures, languages and the way in, with a live preview. */
export function LookPage() {
  const intl = useIntl();
  const { data: card } = useSuspenseQuery(tenantQuery);
  const changes = "portal.tenant.settings.write";
  if (!may(useSession(), changes)) return <Refused permission={changes} />;
  return (
    <>
      <PageHead
        title={intl.formatMessage({ id: "manage.look" })}
        sub={intl.formatMessage({ id: "manage.look.sub" })}
        back={{ href: "/manage", name: intl.formatMessage({ id: "nav.manage" }) }}
      />
      <LookForm card={card} />
      <Pictures card={card} />
    </>
  );
}

function LookForm({ card }: { card: TenantCard }) {
  const intl = useIntl();
  const { text } = rules(intl);
  const schema = v.object({
    name: text({ required: true, max: 128 }),
    description: text({ max: 500 }),
    dye: v.object({ hue: v.number(), chroma: v.number() }),
    languages: v.pipe(v.array(v.picklist(languages)), v.minLength(1, intl.formatMessage({ id: "field.REQUIRED" }))),
    default_language: v.picklist(languages),
    membership: v.picklist(ways),
  });
  const { name, description, hue, chroma, default_language, membership } = card;
  const form = useForm({
    resolver: standardSchemaResolver(schema),
    values: { name, description, dye: { hue, chroma }, languages: [...card.languages], default_language, membership },
    resetOptions: { keepDirtyValues: true },
  });
  const dye = useController({ control: form.control, name: "dye" }).field;
  const spoken = useController({ control: form.control, name: "languages" });
  const first = useController({ control: form.control, name: "default_language" }).field;
  const way = useController({ control: form.control, name: "membership" }).field;
  const typed = useController({ control: form.control, name: "name" }).field.value;
  const save = useAction({
    run: (change: CardChange, headers) => saveCard(card, change, headers),
    stale: [[tenantKey]],
    done: intl.formatMessage({ id: "manage.look.saved" }),
    onDone: (next) => {
      showColours(next);
      form.reset();
    },
  });
  return (
    <div className={style["two"]}>
      <div className="card pad-l">
        <Form
          form={form}
          action={save}
          onSubmit={({ dye, ...rest }) => {
            const change = changeOf(card, { ...rest, ...dye });
            if (Object.keys(change).length > 0) save.start(change);
          }}
        >
          <FormText control={form.control} name="name" label={intl.formatMessage({ id: "manage.look.name" })} required />
          <FormArea
            control={form.control}
            name="description"
            label={intl.formatMessage({ id: "manage.look.description" })}
            help={intl.formatMessage({ id: "manage.look.description.help" })}
            rows={3}
          />
          <RadioCards
            legend={intl.formatMessage({ id: "manage.look.way" })}
            value={way.value}
            onChange={way.onChange}
            choices={ways.map((id) => ({
              id,
              name: intl.formatMessage({ id: `manage.look.way.${id}` }),
              help: intl.formatMessage({ id: `manage.look.way.${id}.help` }),
            }))}
          />
          <fieldset className="field">
            <legend>{intl.formatMessage({ id: "manage.look.languages" })}</legend>
            {languages.map((l) => (
              <Checkbox
                key={l}
                label={<span lang={l}>{languageNames[l]}</span>}
                checked={spoken.field.value.includes(l)}
                disabled={l === first.value}
                onChange={(on) => spoken.field.onChange(languages.filter((x) => (x === l ? on : spoken.field.value.includes(x))))}
              />
            ))}
          </fieldset>
          <Select
            label={intl.formatMessage({ id: "manage.look.language" })}
            help={intl.formatMessage({ id: "manage.look.language.help" })}
            value={first.value}
            onChange={first.onChange}
            choices={languages.filter((l) => spoken.field.value.includes(l)).map((id) => ({ id, name: languageNames[id] }))}
          />
          <div className="btns right">
            <Button type="submit" variant="primary" pending={save.pending} disabled={!form.formState.isDirty}>
              <FormattedMessage id="action.save" />
            </Button>
          </div>
        </Form>
      </div>
      <aside className={`card ${style["side"]}`} aria-label={intl.formatMessage({ id: "manage.look.preview" })}>
        <DyePreview card={{ ...card, name: typed || card.name }} dye={dye.value} samples />
        <DyeFields dye={dye.value} onChange={dye.onChange} strength />
        {form.formState.isDirty && (
          <div className="pad vstack s">
            <p className="small muted">
              <FormattedMessage id="manage.look.unsaved" />
            </p>
          </div>
        )}
      </aside>
    </div>
  );
}
