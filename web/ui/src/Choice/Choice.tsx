import { Check } from "lucide-react";
import type { Choice as Item } from "../Select/Select.tsx";

interface ChoiceProps<K extends string> {
  label: string;
  value: K | undefined;
  onChange: (value: K) => void;
  choices: readonly Item<K>[];
  /** Fills its line, for an answer. */
  full?: boolean;
  /** Ticks the chosen one: an answer, not a view. */
  tick?: boolean;
}

/** One choice of few, as buttons in a row: views, answers. */
export function Choice<K extends string>({ label, value, onChange, choices, full, tick }: ChoiceProps<K>) {
  return (
    <div className={full ? "choice full" : "choice"} role="group" aria-label={label}>
      {choices.map((c) => (
        <button key={c.id} type="button" aria-pressed={c.id === value} onClick={() => onChange(c.id)}>
          {tick && c.id === value && <Check className="i s" aria-hidden="true" />}
          {c.name}
        </button>
      ))}
    </div>
  );
}
