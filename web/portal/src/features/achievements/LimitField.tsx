import { NumberField } from "@updspace/ui/NumberField";
import { Switch } from "@updspace/ui/Switch";
import { useIntl } from "react-intl";
import css from "./achievements.module.css";

interface LimitProps {
  name: "expires" | "limit";
  value: number | null;
  /** What it is when it is switched on. */
  first: number;
  max: number;
  onChange: (value: number | null) => void;
  error: string | undefined;
}

/** A number that may be none. */
export function LimitField({ name, value, first, max, onChange, error }: LimitProps) {
  const intl = useIntl();
  return (
    <>
      <Switch
        label={intl.formatMessage({ id: `achievements.field.${name}` })}
        help={intl.formatMessage({ id: `achievements.field.${name}.help` })}
        checked={value !== null}
        onChange={(on) => onChange(on ? first : null)}
      />
      {value !== null && (
        <div className={css["number"]}>
          <NumberField
            label={intl.formatMessage({ id: `achievements.field.${name}.n` })}
            value={value}
            onChange={onChange}
            min={1}
            max={max}
            error={error}
          />
        </div>
      )}
    </>
  );
}
