import type { HTMLInputTypeAttribute, ReactNode, Ref } from "react";
import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextField as AriaTextField } from "react-aria-components/TextField";

export interface FieldProps {
  label: string;
  help?: ReactNode;
  /** The error in the reader's language; undefined when there is none. */
  error?: string | undefined;
  required?: boolean;
  disabled?: boolean;
}

export interface TextFieldProps extends FieldProps {
  name?: string;
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  type?: HTMLInputTypeAttribute;
  placeholder?: string;
  autoComplete?: string;
  inputMode?: "text" | "email" | "numeric" | "url" | "search";
  maxLength?: number;
  autoFocus?: boolean;
  inputRef?: Ref<HTMLInputElement>;
}

export function TextField(p: TextFieldProps) {
  return (
    <AriaTextField
      className="field"
      value={p.value}
      onChange={p.onChange}
      isInvalid={p.error !== undefined}
      isRequired={p.required ?? false}
      isDisabled={p.disabled ?? false}
      validationBehavior="aria"
      {...(p.name !== undefined && { name: p.name })}
      {...(p.onBlur && { onBlur: p.onBlur })}
      {...(p.type !== undefined && { type: p.type })}
      {...(p.autoComplete !== undefined && { autoComplete: p.autoComplete })}
      {...(p.inputMode !== undefined && { inputMode: p.inputMode })}
      {...(p.maxLength !== undefined && { maxLength: p.maxLength })}
    >
      <Label>{p.label}</Label>
      <Input
        className="input"
        autoFocus={p.autoFocus ?? false}
        {...(p.placeholder !== undefined && { placeholder: p.placeholder })}
        {...(p.inputRef !== undefined && { ref: p.inputRef })}
      />
      <Notes help={p.help} error={p.error} />
    </AriaTextField>
  );
}

/** The help and the error below a field. */
export function Notes({ help, error }: { help?: ReactNode; error?: string | undefined }) {
  return (
    <>
      {help !== undefined && error === undefined && (
        <Text slot="description" className="help">
          {help}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </>
  );
}
