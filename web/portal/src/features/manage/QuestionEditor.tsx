import { languageNames } from "@updspace/kit/words.tsx";
import { Button, IconButton } from "@updspace/ui/Button";
import { Checkbox } from "@updspace/ui/Checkbox";
import { Select } from "@updspace/ui/Select";
import { TextField } from "@updspace/ui/TextField";
import { ArrowDown, ArrowUp, Trash2, X } from "lucide-react";
import { FormattedMessage, useIntl } from "react-intl";
import { newOption, questionKinds, type OptionDraft, type QuestionDraft } from "./questions.ts";

interface QuestionEditorProps {
  number: number;
  question: QuestionDraft;
  error: string | undefined;
  onChange: (question: QuestionDraft) => void;
  onRemove: () => void;
  onUp?: () => void;
  onDown?: () => void;
}

/** One question: how it is asked in both languages, and what may be answered. */
export function QuestionEditor({ number, question: q, error, onChange, onRemove, onUp, onDown }: QuestionEditorProps) {
  const intl = useIntl();
  const set = (change: Partial<QuestionDraft>) => onChange({ ...q, ...change });
  return (
    <section className="card pad vstack" aria-labelledby={q.key}>
      <div className="line nowrap">
        <h2 id={q.key} className="grow">
          <FormattedMessage id="manage.form.question" values={{ number }} />
        </h2>
        {onUp && (
          <IconButton label={intl.formatMessage({ id: "manage.form.up" }, { number })} onPress={onUp}>
            <ArrowUp className="i s" aria-hidden="true" />
          </IconButton>
        )}
        {onDown && (
          <IconButton label={intl.formatMessage({ id: "manage.form.down" }, { number })} onPress={onDown}>
            <ArrowDown className="i s" aria-hidden="true" />
          </IconButton>
        )}
        <IconButton label={intl.formatMessage({ id: "manage.form.remove" }, { number })} onPress={onRemove}>
          <Trash2 className="i s" aria-hidden="true" />
        </IconButton>
      </div>
      <TextField
        label={intl.formatMessage({ id: "manage.form.label" }, { language: languageNames.en })}
        value={q.en}
        onChange={(en) => set({ en })}
        maxLength={200}
        error={error}
      />
      <TextField
        label={intl.formatMessage({ id: "manage.form.label" }, { language: languageNames.ru })}
        value={q.ru}
        onChange={(ru) => set({ ru })}
        maxLength={200}
      />
      <Select
        label={intl.formatMessage({ id: "manage.form.kind" })}
        value={q.kind}
        onChange={(kind) => set({ kind })}
        choices={questionKinds.map((id) => ({ id, name: intl.formatMessage({ id: `manage.form.kind.${id}` }) }))}
      />
      {(q.kind === "text" || q.kind === "long_text") && (
        <TextField
          label={intl.formatMessage({ id: "manage.form.limit" })}
          value={q.limit}
          onChange={(limit) => set({ limit })}
          inputMode="numeric"
          maxLength={4}
        />
      )}
      {q.kind === "choice" && <Options options={q.options} onChange={(options) => set({ options })} />}
      <Checkbox
        label={intl.formatMessage({ id: "manage.form.required" })}
        checked={q.required}
        onChange={(required) => set({ required })}
      />
    </section>
  );
}

function Options({ options, onChange }: { options: OptionDraft[]; onChange: (options: OptionDraft[]) => void }) {
  const intl = useIntl();
  const set = (i: number, change: Partial<OptionDraft>) => onChange(options.map((o, k) => (k === i ? { ...o, ...change } : o)));
  return (
    <fieldset className="vstack s">
      <legend className="lab">{intl.formatMessage({ id: "manage.form.options" })}</legend>
      {options.map((o, i) => (
        <div key={o.value} className="line nowrap">
          {(["en", "ru"] as const).map((language) => (
            <div key={language} className="grow">
              <TextField
                label={intl.formatMessage({ id: "manage.form.option" }, { number: i + 1, language: languageNames[language] })}
                value={o[language]}
                onChange={(text) => set(i, { [language]: text })}
                maxLength={200}
              />
            </div>
          ))}
          {options.length > 2 && (
            <IconButton
              label={intl.formatMessage({ id: "manage.form.option.remove" }, { number: i + 1 })}
              onPress={() => onChange(options.filter((_, k) => k !== i))}
            >
              <X className="i s" aria-hidden="true" />
            </IconButton>
          )}
        </div>
      ))}
      <div className="btns">
        <Button size="s" disabled={options.length >= 20} onPress={() => onChange([...options, newOption()])}>
          <FormattedMessage id="manage.form.option.add" />
        </Button>
      </div>
    </fieldset>
  );
}
