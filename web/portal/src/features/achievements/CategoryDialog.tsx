import { gamification, ok } from "@updspace/kit/api.ts";
import { atField, Form, FormText, standardSchemaResolver, useForm } from "@updspace/kit/forms.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { rules } from "@updspace/kit/rules.ts";
import { languageName, languageOf, written } from "@updspace/kit/texts.ts";
import { Button } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { FormattedMessage, useIntl } from "react-intl";
import * as v from "valibot";
import { languages } from "./edits.ts";
import { categoryKeys, unchanged } from "./parts.ts";
import type { Category } from "./queries.ts";
import { freeSlug, slugOf } from "./slug.ts";
import { useTexts } from "./words.tsx";

interface CategoryDialogProps {
  /** What is renamed; nothing for a new one. */
  category?: Category;
  categories: readonly Category[];
  onClose: () => void;
}

const longestName = 128;
const longestSlug = 64;

/** Names a category, new or old, in each language. The id of a new one follows its name, unless it is written by hand. */
export function CategoryDialog({ category, categories, onClose }: CategoryDialogProps) {
  const intl = useIntl();
  const texts = useTexts();
  const { text } = rules(intl);
  const order = [...new Set([...languages, ...Object.keys(category?.name_i18n ?? {})])].toSorted(
    (a, b) => Number(b === languageOf(intl.locale)) - Number(a === languageOf(intl.locale)),
  );
  const form = useForm({
    resolver: standardSchemaResolver(
      v.object({
        name_i18n: v.record(v.string(), text({ max: longestName })),
        id: v.pipe(
          text({ max: longestSlug }),
          v.check(
            (s) => s === "" || /^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$/.test(s),
            intl.formatMessage({ id: "achievements.categories.id.wrong" }),
          ),
        ),
      }),
    ),
    defaultValues: {
      name_i18n: { ...Object.fromEntries(languages.map((l) => [l, ""])), ...category?.name_i18n } as Record<string, string>, // each language has a field
      id: "",
    },
  });
  const names = form.watch("name_i18n");
  const suggested = freeSlug(slugOf(names["en"] || texts(written(names))), new Set(categories.map((c) => c.id)));
  const save = useAction({
    run: async ({ id, name_i18n }: { id: string; name_i18n: Record<string, string> }, headers) => {
      if (category) {
        const params = { path: { category_id: category.id }, header: { ...headers, ...unchanged(category) } };
        return ok(gamification.PATCH("/api/v1/gamification/categories/{category_id}", { params, body: { name_i18n } }));
      }
      const last = Math.max(0, ...categories.map((c) => c.order));
      const body = { id, name_i18n, order: last + 10, is_active: true };
      return atField(
        ok(gamification.POST("/api/v1/gamification/categories", { body, headers })),
        "ALREADY_EXISTS",
        "id",
        intl.formatMessage({ id: "achievements.categories.id.taken" }),
      );
    },
    stale: categoryKeys,
    done: (c) =>
      intl.formatMessage(
        { id: category ? "achievements.categories.renamed" : "achievements.categories.made" },
        { name: texts(c.name_i18n) },
      ),
    onDone: onClose,
  });
  const submit = (values: { id: string; name_i18n: Record<string, string> }) => {
    const name_i18n = written(values.name_i18n);
    const id = values.id || suggested;
    if (Object.keys(name_i18n).length === 0) {
      form.setError(
        `name_i18n.${order[0] ?? "en"}`,
        { message: intl.formatMessage({ id: "achievements.name.none" }) },
        { shouldFocus: true },
      );
    } else if (!category && id === "") {
      form.setError("id", { message: intl.formatMessage({ id: "field.REQUIRED" }) }, { shouldFocus: true });
    } else save.start({ id, name_i18n });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={
        category
          ? intl.formatMessage({ id: "achievements.categories.rename.title" }, { name: texts(category.name_i18n) })
          : intl.formatMessage({ id: "achievements.categories.new" })
      }
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <Form form={form} action={save} onSubmit={submit}>
        {order.map((language, i) => (
          <FormText
            key={language}
            control={form.control}
            name={`name_i18n.${language}`}
            label={intl.formatMessage({ id: "achievements.field.name" }, { language: languageName(intl.locale, language) })}
            maxLength={longestName}
            autoFocus={i === 0}
          />
        ))}
        {!category && (
          <FormText
            control={form.control}
            name="id"
            label={intl.formatMessage({ id: "achievements.categories.id" })}
            help={intl.formatMessage({ id: "achievements.categories.id.help" })}
            placeholder={suggested}
            maxLength={longestSlug}
          />
        )}
        <div className="btns right">
          <Button onPress={onClose}>
            <FormattedMessage id="action.cancel" />
          </Button>
          <Button type="submit" variant="primary" pending={save.pending}>
            <FormattedMessage id={category ? "action.save" : "achievements.categories.make"} />
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
