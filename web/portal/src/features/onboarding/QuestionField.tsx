import { useLanguage } from "@updspace/kit/words.tsx";
import { Checkbox } from "@updspace/ui/Checkbox";
import { RadioCards } from "@updspace/ui/RadioCards";
import { TextArea } from "@updspace/ui/TextArea";
import { TextField } from "@updspace/ui/TextField";
import { inLanguage, type Question } from "./queries.ts";

/** The answer to a checkbox that is ticked. */
export const ticked = "yes";

interface QuestionFieldProps {
  question: Question;
  value: string;
  onChange: (answer: string) => void;
  error: string | undefined;
}

/** One question of the application form. */
export function QuestionField({ question, value, onChange, error }: QuestionFieldProps) {
  const { language } = useLanguage();
  const label = inLanguage(question.label, language);
  const field = { label, value, onChange, error, required: question.required, maxLength: question.max_length ?? 200 };
  switch (question.kind) {
    case "text":
      return <TextField {...field} />;
    case "long_text":
      return <TextArea {...field} rows={4} />;
    case "choice":
      return (
        <RadioCards
          legend={label}
          value={value}
          onChange={onChange}
          choices={(question.options ?? []).map((o) => ({ id: o.value, name: inLanguage(o.label, language) }))}
          error={error}
        />
      );
    case "checkbox":
      return (
        <div className="field">
          <Checkbox label={label} checked={value === ticked} onChange={(on) => onChange(on ? ticked : "")} />
          {error !== undefined && <span className="field-error">{error}</span>}
        </div>
      );
  }
}
