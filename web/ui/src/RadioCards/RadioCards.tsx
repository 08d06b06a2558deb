import type { ReactNode } from "react";
import { useId } from "react";
import type { Choice } from "../Select/Select.tsx";

interface RadioCardsProps<K extends string> {
  legend: string;
  value: K | undefined;
  onChange: (value: K) => void;
  choices: readonly (Choice<K> & { lead?: ReactNode })[];
  columns?: boolean;
  error?: string | undefined;
}

/** One of a few, each with a sentence. */
export function RadioCards<K extends string>({ legend, value, onChange, choices, columns, error }: RadioCardsProps<K>) {
  const name = useId();
  return (
    <fieldset className="field" aria-describedby={error === undefined ? undefined : `${name}e`}>
      <legend className="lab">{legend}</legend>
      <div className={columns ? "radio-cards columns" : "radio-cards"}>
        {choices.map((c) => (
          <label key={c.id} className="radio-card">
            <input type="radio" name={name} checked={c.id === value} onChange={() => onChange(c.id)} />
            {c.lead}
            <span className="grow">
              <span className="strong block">{c.name}</span>
              {c.help !== undefined && <span className="small muted block">{c.help}</span>}
            </span>
          </label>
        ))}
      </div>
      {error !== undefined && (
        <span id={`${name}e`} className="field-error">
          {error}
        </span>
      )}
    </fieldset>
  );
}
