import { Minus, Plus } from "lucide-react";
import { Button } from "react-aria-components/Button";
import { Group } from "react-aria-components/Group";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { NumberField as AriaNumberField } from "react-aria-components/NumberField";
import { Notes, type FieldProps } from "../TextField/TextField.tsx";

interface NumberFieldProps extends FieldProps {
  value: number;
  onChange: (value: number) => void;
  min: number;
  max: number;
}

/** A small whole number, with buttons for one less and one more. */
export function NumberField(p: NumberFieldProps) {
  return (
    <AriaNumberField
      className="field"
      value={p.value}
      onChange={(n) => {
        if (!Number.isNaN(n)) p.onChange(n);
      }}
      minValue={p.min}
      maxValue={p.max}
      isInvalid={p.error !== undefined}
      isDisabled={p.disabled ?? false}
      validationBehavior="aria"
    >
      <Label>{p.label}</Label>
      <Group className="line nowrap number">
        <Button slot="decrement" className="icon-btn">
          <Minus className="i s" aria-hidden="true" />
        </Button>
        <Input className="input" />
        <Button slot="increment" className="icon-btn">
          <Plus className="i s" aria-hidden="true" />
        </Button>
      </Group>
      <Notes help={p.help} error={p.error} />
    </AriaNumberField>
  );
}
