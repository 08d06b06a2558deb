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
  /** Stays one line, and scrolls where there is no room. */
  line?: boolean;
}

/** Brings the chosen one into view. */
function showChosen(row: HTMLElement | null): void {
  const chosen = row?.querySelector("[aria-pressed=true]");
  if (row && chosen) row.scrollLeft = chosen.getBoundingClientRect().right - row.getBoundingClientRect().right;
}

/** One choice of few, as buttons in a row: views, answers. */
export function Choice<K extends string>({ label, value, onChange, choices, full, tick, line }: ChoiceProps<K>) {
  return (
    <div className={`choice${full ? " full" : ""}${line ? " one-line" : ""}`} role="group" aria-label={label} ref={showChosen}>
      {choices.map((c) => (
        <button key={c.id} type="button" aria-pressed={c.id === value} onClick={() => onChange(c.id)}>
          {tick && c.id === value && <Check className="i s" aria-hidden="true" />}
          {c.name}
        </button>
      ))}
    </div>
  );
}
