import { Check } from "lucide-react";
import type { ReactNode } from "react";

interface CheckboxProps {
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  /** A radio button: one of several with the same name. */
  radio?: string;
}

export function Checkbox({ label, checked, onChange, disabled, radio }: CheckboxProps) {
  return (
    <label className="check">
      <input
        type={radio === undefined ? "checkbox" : "radio"}
        name={radio}
        checked={checked}
        disabled={disabled}
        onChange={(e) => onChange(e.target.checked)}
      />
      <span className={radio === undefined ? "box" : "box round"} aria-hidden="true">
        <Check className="i s" />
      </span>
      <span className="grow">{label}</span>
    </label>
  );
}
