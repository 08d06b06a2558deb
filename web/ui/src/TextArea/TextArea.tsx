import type { Ref } from "react";
import { Label } from "react-aria-components/Label";
import { TextArea as AriaTextArea } from "react-aria-components/TextArea";
import { TextField as AriaTextField } from "react-aria-components/TextField";
import { Notes, type FieldProps } from "../TextField/TextField.tsx";

export interface TextAreaProps extends FieldProps {
  name?: string;
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  placeholder?: string;
  rows?: number;
  maxLength?: number;
  autoFocus?: boolean;
  areaRef?: Ref<HTMLTextAreaElement>;
  /** The label is only read out: the place says what the field is. */
  hideLabel?: boolean;
}

export function TextArea(p: TextAreaProps) {
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
      {...(p.maxLength !== undefined && { maxLength: p.maxLength })}
    >
      <Label className={p.hideLabel ? "vh" : ""}>{p.label}</Label>
      <AriaTextArea
        className="input area"
        rows={p.rows ?? 4}
        autoFocus={p.autoFocus ?? false}
        {...(p.placeholder !== undefined && { placeholder: p.placeholder })}
        {...(p.areaRef !== undefined && { ref: p.areaRef })}
      />
      <Notes help={p.help} error={p.error} />
    </AriaTextField>
  );
}
