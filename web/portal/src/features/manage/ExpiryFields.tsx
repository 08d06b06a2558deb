import { Select } from "@updspace/ui/Select";
import { TextField } from "@updspace/ui/TextField";
import { useIntl } from "react-intl";
import { spans, type Expiry } from "./expiry.ts";

interface ExpiryFieldsProps {
  value: Expiry;
  onChange: (expiry: Expiry) => void;
  error?: string | undefined;
}

/** Until when: for good, for a span, or to a date. */
export function ExpiryFields({ value, onChange, error }: ExpiryFieldsProps) {
  const intl = useIntl();
  return (
    <>
      <Select
        label={intl.formatMessage({ id: "manage.until" })}
        value={value.span}
        onChange={(span) => onChange({ ...value, span })}
        choices={spans.map((id) => ({ id, name: intl.formatMessage({ id: `manage.until.${id}` }) }))}
        error={value.span === "date" ? undefined : error}
      />
      {value.span === "date" && (
        <TextField
          type="date"
          label={intl.formatMessage({ id: "manage.until.last" })}
          value={value.date}
          onChange={(date) => onChange({ ...value, date })}
          error={error}
        />
      )}
    </>
  );
}
