import { useController } from "react-hook-form";
import { FormattedMessage, useIntl } from "react-intl";
import * as v from "valibot";
import { ok } from "@updspace/kit/answer.ts";
import { Form, FormArea, FormText, standardSchemaResolver, useForm } from "@updspace/kit/forms.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { rules } from "@updspace/kit/rules.ts";
import { languageNames } from "@updspace/kit/words.tsx";
import { Button } from "@updspace/ui/Button";
import { Checkbox } from "@updspace/ui/Checkbox";
import { Flag } from "@updspace/ui/Flag";
import { Select } from "@updspace/ui/Select";
import { identity } from "../../../api.ts";
import { useStepUp } from "../../security/StepUp.tsx";
import { languages, tenantsKey, ways, type Tenant } from "./queries.ts";
import styles from "./Tenants.module.css";
import { Ways } from "./Ways.tsx";

const widest = 360;
const strongest = 0.17;

const valuesOf = ({ name, description, hue, chroma, languages: spoken, default_language, membership }: Tenant) => ({
  name,
  description,
  hue,
  chroma,
  languages: [...spoken],
  default_language,
  membership,
});
type Values = ReturnType<typeof valuesOf>;

/** What a community shows of itself, and how people become its members. */
export function TenantSettings({ tenant }: { tenant: Tenant }) {
  const intl = useIntl();
  const { confirmed, dialog } = useStepUp();
  const { text } = rules(intl);
  const schema = v.object({
    name: text({ required: true, max: 128 }),
    description: text({ max: 500 }),
    hue: v.number(),
    chroma: v.number(),
    languages: v.array(v.picklist(languages)),
    default_language: v.picklist(languages),
    membership: v.picklist(ways),
  });
  const form = useForm({ resolver: standardSchemaResolver(schema), values: valuesOf(tenant), resetOptions: { keepDirtyValues: true } });
  const { control } = form;
  const hue = useController({ control, name: "hue" }).field;
  const chroma = useController({ control, name: "chroma" }).field;
  const spoken = useController({ control, name: "languages" }).field;
  const first = useController({ control, name: "default_language" }).field;
  const way = useController({ control, name: "membership" }).field;
  const save = useAction<Values, Tenant>({
    run: (values, headers) =>
      confirmed(() =>
        ok(
          identity.PATCH("/api/v1/admin/tenants/{slug}", {
            params: { path: { slug: tenant.slug } },
            body: { ...values, version: tenant.version },
            headers,
          }),
        ),
      ),
    stale: [[tenantsKey]],
    done: intl.formatMessage({ id: "saved" }),
    onDone: (now) => form.reset(valuesOf(now)),
  });
  return (
    <section className="card" aria-labelledby="settings">
      {dialog}
      <div className="card-head">
        <h2 id="settings">
          <FormattedMessage id="admin.tenants.settings" />
        </h2>
      </div>
      <div className={styles.body}>
        <Form form={form} action={save} onSubmit={save.start}>
          <FormText control={control} name="name" label={intl.formatMessage({ id: "admin.tenants.name" })} required />
          <FormArea control={control} name="description" rows={3} label={intl.formatMessage({ id: "admin.tenants.description" })} />
          <Ways value={way.value} onChange={way.onChange} />
          <div className={styles.colour}>
            <Flag id={tenant.id} of="tenant" size="l" colours={{ hue: hue.value, chroma: chroma.value }} />
            <div className="grow vstack s">
              <label className="field">
                <span className="lab">
                  <FormattedMessage id="admin.tenants.hue" />
                </span>
                <input type="range" min={0} max={widest} value={hue.value} onChange={(e) => hue.onChange(e.target.valueAsNumber)} />
              </label>
              <label className="field">
                <span className="lab">
                  <FormattedMessage id="admin.tenants.chroma" />
                </span>
                <input
                  type="range"
                  min={0}
                  max={strongest}
                  step={0.01}
                  value={chroma.value}
                  aria-valuetext={intl.formatNumber(chroma.value / strongest, { style: "percent" })}
                  onChange={(e) => chroma.onChange(e.target.valueAsNumber)}
                />
              </label>
            </div>
          </div>
          <fieldset className="field">
            <legend className="lab">
              <FormattedMessage id="admin.tenants.languages" />
            </legend>
            {languages.map((l) => (
              <Checkbox
                key={l}
                label={<span lang={l}>{languageNames[l]}</span>}
                checked={spoken.value.includes(l)}
                disabled={l === first.value}
                onChange={(on) => spoken.onChange(languages.filter((x) => (x === l ? on : spoken.value.includes(x))))}
              />
            ))}
          </fieldset>
          <Select
            label={intl.formatMessage({ id: "admin.tenants.language" })}
            value={first.value}
            onChange={first.onChange}
            choices={languages.filter((l) => spoken.value.includes(l)).map((id) => ({ id, name: languageNames[id] }))}
          />
          <div className="btns">
            <Button type="submit" variant="primary" pending={save.pending} disabled={!form.formState.isDirty}>
              <FormattedMessage id="action.save" />
            </Button>
          </div>
        </Form>
      </div>
    </section>
  );
}
