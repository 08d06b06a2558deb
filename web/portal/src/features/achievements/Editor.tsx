import { Form, FormArea, FormText, standardSchemaResolver, useForm } from "@updspace/kit/forms.tsx";
import { languageName, languageOf } from "@updspace/kit/texts.ts";
import { Button } from "@updspace/ui/Button";
import { LinkButton } from "@updspace/ui/LinkButton";
import { NumberField } from "@updspace/ui/NumberField";
import { RadioCards } from "@updspace/ui/RadioCards";
import { Select } from "@updspace/ui/Select";
import { Switch } from "@updspace/ui/Switch";
import type { ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import css from "./achievements.module.css";
import { hasPicture, type Place, type Values } from "./edits.ts";
import { LimitField } from "./LimitField.tsx";
import { LookFields } from "./LookFields.tsx";
import { PicturePart } from "./PicturePart.tsx";
import { PrerequisitesField } from "./PrerequisitesField.tsx";
import { Preview } from "./Preview.tsx";
import { kinds } from "./parts.ts";
import type { Achievement, Category } from "./queries.ts";
import { longest, most, useSchema } from "./schema.ts";
import { useTexts } from "./words.tsx";

interface EditorProps {
  /** What is edited; nothing for a new achievement. */
  achievement?: Achievement;
  values: Values;
  categories: readonly Category[];
  action: { pending: boolean; error: Error | null };
  onSubmit: (values: Values, publish: boolean) => void;
  back: string;
  /** Of a new achievement: whose it will be. */
  place?: { value: string; choices: { id: string; name: string }[]; onChange: (id: string) => void };
  /** The same, as requests have it. */
  scope?: Place;
  /** A new achievement can be published at once. */
  mayPublish?: boolean;
}

/** Everything about an achievement, with the tile as members will see it beside. */
export function Editor({ achievement, values, categories, action, onSubmit, back, place, scope = {}, mayPublish = false }: EditorProps) {
  const intl = useIntl();
  const texts = useTexts();
  const form = useForm({ resolver: standardSchemaResolver(useSchema()), defaultValues: values });
  const now = form.watch();
  const change = (next: Partial<Values>) => {
    for (const [name, value] of Object.entries(next)) form.setValue(name as keyof Values, value, { shouldDirty: true }); // the names of its values
  };
  const submit = (publish: boolean) =>
    form.handleSubmit((valid) => {
      const first = languagesOf(valid, languageOf(intl.locale))[0] ?? "en";
      if (Object.values(valid.name_i18n).every((name) => name === "")) {
        form.setError(`name_i18n.${first}`, { message: intl.formatMessage({ id: "achievements.name.none" }) }, { shouldFocus: true });
      } else if ((publish || achievement?.status === "published") && !hasPicture(valid)) {
        form.setError("images.medium", { message: intl.formatMessage({ id: "achievements.picture.none" }) }, { shouldFocus: true });
      } else onSubmit(valid, publish);
    })();
  const { errors } = form.formState;
  const open = categories.filter((c) => c.is_active || c.id === values.category);
  return (
    <div className={`with-side ${css["editor"]}`}>
      <Form form={form} action={action} onSubmit={() => void submit(false)}>
        <Part name={intl.formatMessage({ id: "achievements.part.what" })}>
          {place && place.choices.length > 1 && (
            <Select
              label={intl.formatMessage({ id: "achievements.field.place" })}
              help={intl.formatMessage({ id: "achievements.field.place.help" })}
              value={place.value}
              onChange={place.onChange}
              choices={place.choices}
            />
          )}
          <Select
            label={intl.formatMessage({ id: "achievements.category" })}
            value={now.category}
            onChange={(category) => change({ category })}
            choices={open.map((c) => ({ id: c.id, name: texts(c.name_i18n) }))}
            error={errors.category?.message}
          />
          <div className={css["languages"]}>
            {languagesOf(now, languageOf(intl.locale)).map((language) => (
              <div key={language} className={css["language"]}>
                <FormText
                  control={form.control}
                  name={`name_i18n.${language}`}
                  label={intl.formatMessage({ id: "achievements.field.name" }, { language: languageName(intl.locale, language) })}
                  maxLength={longest.name}
                />
                <FormArea
                  control={form.control}
                  name={`description_i18n.${language}`}
                  label={intl.formatMessage({ id: "achievements.field.description" }, { language: languageName(intl.locale, language) })}
                  rows={2}
                  maxLength={longest.description}
                />
              </div>
            ))}
          </div>
          <FormArea
            control={form.control}
            name="description"
            label={intl.formatMessage({ id: "achievements.field.others" })}
            help={intl.formatMessage({ id: "achievements.field.others.help" })}
            rows={2}
            maxLength={longest.description}
          />
        </Part>
        <Part name={intl.formatMessage({ id: "achievements.part.look" })}>
          <LookFields id={achievement?.id} values={now} onChange={change} />
          <PicturePart
            id={achievement?.id}
            place={achievement ?? scope}
            control={form.control}
            values={now}
            languages={languagesOf(now, languageOf(intl.locale))}
            onChange={(images) => {
              form.clearErrors("images");
              change({ images });
            }}
            error={errors.images?.medium?.message}
          />
        </Part>
        <Part name={intl.formatMessage({ id: "achievements.part.rules" })}>
          <RadioCards
            legend={intl.formatMessage({ id: "achievements.kind" })}
            value={now.kind}
            onChange={(kind) => change({ kind, ...(kind === "limited" && now.max_grants === null && { max_grants: 10 }) })}
            columns
            choices={kinds.map((id) => ({
              id,
              name: intl.formatMessage({ id: `achievements.kind.${id}` }),
              help: intl.formatMessage({ id: `achievements.kind.${id}.help` }),
            }))}
          />
          {now.kind === "limited" && (
            <NumberField
              label={intl.formatMessage({ id: "achievements.field.most" })}
              value={now.max_grants ?? 1}
              onChange={(max_grants) => change({ max_grants })}
              min={1}
              max={most.grants}
              error={errors.max_grants?.message}
            />
          )}
          <div className={css["number"]}>
            <NumberField
              label={intl.formatMessage({ id: "achievements.field.points" })}
              help={intl.formatMessage({ id: "achievements.field.points.help" })}
              value={now.points}
              onChange={(points) => change({ points })}
              min={0}
              max={most.points}
              error={errors.points?.message}
            />
          </div>
          <PrerequisitesField
            value={now.prerequisites}
            except={achievement?.id}
            most={most.prerequisites}
            onChange={(prerequisites) => change({ prerequisites })}
            error={errors.prerequisites?.message}
          />
          <div className={css["switches"]}>
            <Switch
              label={intl.formatMessage({ id: "achievements.field.secret" })}
              help={intl.formatMessage({ id: "achievements.secret.rule" })}
              checked={now.secret}
              onChange={(secret) => change({ secret })}
            />
            <LimitField
              name="expires"
              value={now.expires_after_days}
              first={365}
              max={most.days}
              onChange={(expires_after_days) => change({ expires_after_days })}
              error={errors.expires_after_days?.message}
            />
            <LimitField
              name="limit"
              value={now.issuer_daily_limit}
              first={10}
              max={most.daily}
              onChange={(issuer_daily_limit) => change({ issuer_daily_limit })}
              error={errors.issuer_daily_limit?.message}
            />
          </div>
        </Part>
        <div className="btns right">
          <LinkButton href={back}>
            <FormattedMessage id="action.cancel" />
          </LinkButton>
          {achievement === undefined && mayPublish ? (
            <>
              <Button type="submit" pending={action.pending}>
                <FormattedMessage id="achievements.saveDraft" />
              </Button>
              <Button variant="primary" pending={action.pending} onPress={() => void submit(true)}>
                <FormattedMessage id="achievements.publish" />
              </Button>
            </>
          ) : (
            <Button type="submit" variant="primary" pending={action.pending}>
              <FormattedMessage id={achievement === undefined ? "achievements.saveDraft" : "action.save"} />
            </Button>
          )}
        </div>
      </Form>
      <Preview id={achievement?.id} status={achievement?.status ?? "draft"} values={now} />
    </div>
  );
}

/** The languages of the texts, the reader's first. */
function languagesOf({ name_i18n, description_i18n }: Pick<Values, "name_i18n" | "description_i18n">, own: string): string[] {
  const all = [...new Set([...Object.keys(name_i18n), ...Object.keys(description_i18n)])];
  return all.toSorted((a, b) => Number(b === own) - Number(a === own));
}

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section className={`card pad-l vstack ${css["part"]}`} aria-label={name}>
      <h2>{name}</h2>
      {children}
    </section>
  );
}
