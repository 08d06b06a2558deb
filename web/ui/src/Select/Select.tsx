import { ChevronDown } from "lucide-react";
import { Button } from "react-aria-components/Button";
import { Label } from "react-aria-components/Label";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { Select as AriaSelect, SelectValue } from "react-aria-components/Select";
import { Notes, type FieldProps } from "../TextField/TextField.tsx";

export interface Choice<K extends string> {
  id: K;
  name: string;
  help?: string;
}

interface SelectProps<K extends string> extends FieldProps {
  value: K;
  onChange: (value: K) => void;
  choices: readonly Choice<K>[];
  /** What stands there while nothing is chosen. */
  placeholder?: string;
  /** The label is only read out: the place says what the field is. */
  hideLabel?: boolean;
}

/** One of many. For two to five choices RadioCards or Choice show all at once. */
export function Select<K extends string>(p: SelectProps<K>) {
  return (
    <AriaSelect
      className="field"
      value={p.value}
      onChange={(key) => {
        const chosen = p.choices.find((c) => c.id === key);
        if (chosen) p.onChange(chosen.id);
      }}
      isInvalid={p.error !== undefined}
      isDisabled={p.disabled ?? false}
      validationBehavior="aria"
      {...(p.placeholder !== undefined && { placeholder: p.placeholder })}
    >
      <Label className={p.hideLabel ? "vh" : "lab"}>{p.label}</Label>
      <Button className="input select">
        <SelectValue className="grow">
          {({ selectedText, isPlaceholder, defaultChildren }) => (isPlaceholder ? defaultChildren : selectedText)}
        </SelectValue>
        <ChevronDown className="i s" aria-hidden="true" />
      </Button>
      <Notes help={p.help} error={p.error} />
      <Popover className="popover">
        <ListBox className="menu">
          {p.choices.map((c) => (
            <ListBoxItem key={c.id} id={c.id} className="menu-item" textValue={c.name}>
              <span className="grow">
                {c.name}
                {c.help !== undefined && <span className="label muted block">{c.help}</span>}
              </span>
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
