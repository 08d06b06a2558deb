import { Eye, EyeOff } from "lucide-react";
import { useState, type Ref } from "react";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { TextField as AriaTextField } from "react-aria-components/TextField";
import { IconButton } from "../Button/Button.tsx";
import { Notes, type FieldProps } from "../TextField/TextField.tsx";

export interface PasswordFieldProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  autoComplete: "current-password" | "new-password";
  showLabel: string;
  hideLabel: string;
  autoFocus?: boolean;
  name?: string;
  onBlur?: () => void;
  inputRef?: Ref<HTMLInputElement>;
}

export function PasswordField(p: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <AriaTextField
      className="field"
      value={p.value}
      onChange={p.onChange}
      type={shown ? "text" : "password"}
      autoComplete={p.autoComplete}
      isInvalid={p.error !== undefined}
      isRequired={p.required ?? false}
      validationBehavior="aria"
      {...(p.name !== undefined && { name: p.name })}
      {...(p.onBlur && { onBlur: p.onBlur })}
    >
      <Label>{p.label}</Label>
      <div className="with-end">
        <Input className="input" autoFocus={p.autoFocus ?? false} {...(p.inputRef !== undefined && { ref: p.inputRef })} />
        <IconButton label={shown ? p.hideLabel : p.showLabel} onPress={() => setShown(!shown)}>
          {shown ? <EyeOff className="i" aria-hidden="true" /> : <Eye className="i" aria-hidden="true" />}
        </IconButton>
      </div>
      <Notes help={p.help} error={p.error} />
    </AriaTextField>
  );
}
