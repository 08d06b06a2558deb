import type { Ref } from "react";
import { useIntl } from "react-intl";
import { PasswordField } from "@updspace/ui/PasswordField";

/** Characters, as the server takes them. */
const shortestPassword = 15;

interface NewPasswordFieldProps {
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
  inputRef?: Ref<HTMLInputElement>;
  autoFocus?: boolean;
}

export function NewPasswordField({ value, onChange, error, inputRef, autoFocus = false }: NewPasswordFieldProps) {
  const intl = useIntl();
  return (
    <PasswordField
      name="new-password"
      label={intl.formatMessage({ id: "password.new" })}
      help={intl.formatMessage({ id: "password.rule" }, { min: shortestPassword })}
      autoComplete="new-password"
      value={value}
      onChange={onChange}
      error={error}
      autoFocus={autoFocus}
      {...(inputRef !== undefined && { inputRef })}
      showLabel={intl.formatMessage({ id: "field.password.show" })}
      hideLabel={intl.formatMessage({ id: "field.password.hide" })}
    />
  );
}
