import { gamification, ok } from "@updspace/kit/api.ts";
import { Form, FormText, standardSchemaResolver, useForm } from "@updspace/kit/forms.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { rules } from "@updspace/kit/rules.ts";
import { inWords, languageName, languageOf, written } from "@updspace/kit/texts.ts";
import { Button } from "@updspace/ui/Button";
import { DateTimeField } from "@updspace/ui/DateTimeField";
import { Dialog } from "@updspace/ui/Dialog";
import { FormattedMessage, useIntl } from "react-intl";
import * as v from "valibot";
import css from "./points.module.css";
import { pointsKey, type Season } from "./queries.ts";
import { inEach, languages, longestName } from "./texts.ts";

interface SeasonDialogProps {
  /** What is changed; nothing for a new one. */
  season?: Season;
  onClose: () => void;
}

interface Values {
  name_i18n: Record<string, string>;
  starts_at: string;
  ends_at: string;
}

const quarter = 90 * 24 * 3_600_000; // milliseconds

/** A new season of a quarter from this hour on. */
function fresh(): Pick<Values, "starts_at" | "ends_at"> {
  const hour = new Date();
  hour.setMinutes(0, 0, 0);
  return { starts_at: hour.toISOString(), ends_at: new Date(hour.getTime() + quarter).toISOString() };
}

/** Names a season and says when it is. The time of one that is over stays. */
export function SeasonDialog({ season, onClose }: SeasonDialogProps) {
  const intl = useIntl();
  const { text } = rules(intl);
  const form = useForm<Values>({
    resolver: standardSchemaResolver(
      v.object({ name_i18n: v.record(v.string(), text({ max: longestName })), starts_at: v.string(), ends_at: v.string() }),
    ),
    defaultValues: {
      name_i18n: inEach(season?.name_i18n ?? {}),
      ...fresh(),
      ...(season && { starts_at: season.starts_at, ends_at: season.ends_at }),
    },
  });
  const [starts, ends] = form.watch(["starts_at", "ends_at"]);
  const over = season?.state === "over";
  const save = useAction({
    run: ({ name_i18n, starts_at, ends_at }: Values, headers) => {
      const names = { name_i18n: written(name_i18n) };
      if (season) {
        const params = { path: { season_id: season.id }, header: { ...headers, "If-Match": `"${season.version}"` } };
        const body = over ? names : { ...names, starts_at, ends_at };
        return ok(gamification.PATCH("/api/v1/gamification/seasons/{season_id}", { params, body }));
      }
      return ok(gamification.POST("/api/v1/gamification/seasons", { body: { ...names, starts_at, ends_at }, headers }));
    },
    stale: [[pointsKey]],
    done: (s) =>
      intl.formatMessage({ id: season ? "points.seasons.changed" : "points.seasons.made" }, { name: inWords(s.name_i18n, intl.locale) }),
    onDone: onClose,
  });
  const own = languageOf(intl.locale);
  const order = languages.toSorted((a, b) => Number(b === own) - Number(a === own));
  const submit = (values: Values) => {
    if (Object.keys(written(values.name_i18n)).length === 0) {
      form.setError(`name_i18n.${own}`, { message: intl.formatMessage({ id: "points.seasons.unnamed" }) }, { shouldFocus: true });
    } else save.start(values);
  };
  const { errors } = form.formState;
  return (
    <Dialog
      open
      onClose={onClose}
      title={
        season
          ? intl.formatMessage({ id: "points.seasons.edit" }, { name: inWords(season.name_i18n, intl.locale) })
          : intl.formatMessage({ id: "points.seasons.new" })
      }
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <Form form={form} action={save} onSubmit={submit}>
        {order.map((language, i) => (
          <FormText
            key={language}
            control={form.control}
            name={`name_i18n.${language}`}
            label={intl.formatMessage({ id: "points.seasons.name" }, { language: languageName(intl.locale, language) })}
            maxLength={longestName}
            autoFocus={i === 0}
          />
        ))}
        {!over && (
          <div className={css["pair"]}>
            <DateTimeField
              label={intl.formatMessage({ id: "points.seasons.starts" })}
              value={starts}
              onChange={(at) => at !== null && form.setValue("starts_at", at, { shouldDirty: true })}
              error={errors.starts_at?.message}
            />
            <DateTimeField
              label={intl.formatMessage({ id: "points.seasons.ends" })}
              value={ends}
              onChange={(at) => at !== null && form.setValue("ends_at", at, { shouldDirty: true })}
              error={errors.ends_at?.message}
            />
          </div>
        )}
        <p className="small muted">
          <FormattedMessage id={over ? "points.seasons.over.text" : "points.seasons.text"} />
        </p>
        <div className="btns right">
          <Button onPress={onClose}>
            <FormattedMessage id="action.cancel" />
          </Button>
          <Button type="submit" variant="primary" pending={save.pending}>
            <FormattedMessage id={season ? "action.save" : "points.seasons.make"} />
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
