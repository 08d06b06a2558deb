import type { ReactNode } from "react";
import { useId } from "react";

interface SwitchProps {
  /** What is on or off; shown beside the switch. */
  label: ReactNode;
  help?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

/** On or off, at once. A row: words at the left, the switch at the right. */
export function Switch({ label, help, checked, onChange, disabled }: SwitchProps) {
  const id = useId();
  return (
    <div className="row">
      <label className="grow" htmlFor={id}>
        <span className="strong">{label}</span>
        {help !== undefined && (
          <span id={`${id}h`} className="small muted block">
            {help}
          </span>
        )}
      </label>
      <span className="switch">
        <input
          id={id}
          type="checkbox"
          role="switch"
          checked={checked}
          disabled={disabled}
          aria-describedby={help === undefined ? undefined : `${id}h`}
          onChange={(e) => onChange(e.target.checked)}
        />
        <i aria-hidden="true" />
      </span>
    </div>
  );
}
