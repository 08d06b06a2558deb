import type { LocalText, Question } from "./applications.ts";

export const questionKinds = ["text", "long_text", "choice", "checkbox"] as const;

/** A question while it is edited. */
export interface QuestionDraft {
  key: string;
  kind: Question["kind"];
  en: string;
  ru: string;
  required: boolean;
  /** How long the answer to a text may be; empty for the usual length. */
  limit: string;
  options: OptionDraft[];
}

export interface OptionDraft {
  value: string;
  en: string;
  ru: string;
}

/** A name that no other question or option has. */
const newKey = (first: string) => first + crypto.randomUUID().replaceAll("-", "").slice(0, 12);

export const newOption = (): OptionDraft => ({ value: newKey("o"), en: "", ru: "" });

export const newQuestion = (): QuestionDraft => ({
  key: newKey("q"),
  kind: "text",
  en: "",
  ru: "",
  required: true,
  limit: "",
  options: [newOption(), newOption()],
});

export function draftOf(q: Question): QuestionDraft {
  const options = (q.options ?? []).map((o) => ({ value: o.value, en: o.label.en ?? "", ru: o.label.ru ?? "" }));
  return {
    key: q.key,
    kind: q.kind,
    en: q.label.en ?? "",
    ru: q.label.ru ?? "",
    required: q.required,
    limit: q.max_length === undefined ? "" : String(q.max_length),
    options: options.length > 0 ? options : [newOption(), newOption()],
  };
}

const localText = ({ en, ru }: { en: string; ru: string }): LocalText => ({
  ...(en.trim() !== "" && { en: en.trim() }),
  ...(ru.trim() !== "" && { ru: ru.trim() }),
});

export function questionOf(q: QuestionDraft): Question {
  const limit = Number(q.limit);
  const isText = q.kind === "text" || q.kind === "long_text";
  return {
    key: q.key,
    kind: q.kind,
    label: localText(q),
    required: q.required,
    ...(isText && Number.isInteger(limit) && limit > 0 && { max_length: Math.min(limit, 2000) }),
    options: q.kind === "choice" ? q.options.map((o) => ({ value: o.value, label: localText(o) })) : [],
  };
}
