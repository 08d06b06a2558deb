import { DateTimeField, getLocalTimeZone } from "@updspace/ui/DateTimeField";
import { Select } from "@updspace/ui/Select";
import { useIntl } from "react-intl";
import { spans, type Expiry } from "./expiry.ts";

interface ExpiryFieldsProps {
  value: Expiry;
  onChange: (expiry: Expiry) => void;
  error?: string | undefined;
}

/** Until when: for good, for a span, or to a moment. */
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
        <DateTimeField
          label={intl.formatMessage({ id: "manage.until.at" })}
          help={intl.formatMessage({ id: "manage.until.zone" }, { zone: getLocalTimeZone() })}
          value={value.at}
          onChange={(at) => onChange({ ...value, at })}
          clearLabel={intl.formatMessage({ id: "manage.until.clear" })}
          error={error}
        />
      )}
    </>
  );
}
