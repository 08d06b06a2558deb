import { ChevronDown } from "lucide-react";
import { Button } from "react-aria-components/Button";
import { ComboBox, ComboBoxStateContext } from "react-aria-components/ComboBox";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { use, type ReactNode } from "react";
import { Notes, type FieldProps } from "../TextField/TextField.tsx";

export interface Found {
  id: string;
  name: string;
  /** The second line. */
  note?: string | undefined;
  /** A picture before the name. */
  lead?: ReactNode;
}

export interface SearchPickerProps<T extends Found = Found> extends FieldProps {
  /** What is typed; the owner searches for it. */
  query: string;
  onQuery: (query: string) => void;
  found: readonly T[];
  onPick: (id: string | undefined) => void;
  /** What the list says when there is none: nothing found, or searching. */
  empty: string;
  openLabel: string;
}

/** Chooses one of what is found by typing a part of the name. */
export function SearchPicker(p: SearchPickerProps) {
  return (
    <ComboBox
      className="field"
      inputValue={p.query}
      onInputChange={p.onQuery}
      items={p.found}
      onSelectionChange={(key) => p.onPick(p.found.find((f) => f.id === key)?.id)}
      menuTrigger="focus"
      allowsEmptyCollection
      allowsCustomValue
      isInvalid={p.error !== undefined}
      isRequired={p.required ?? false}
      isDisabled={p.disabled ?? false}
      validationBehavior="aria"
    >
      <Label>{p.label}</Label>
      <div className="with-end">
        <Input className="input" />
        <Button className="icon-btn" aria-label={p.openLabel}>
          <ChevronDown className="i s" aria-hidden="true" />
        </Button>
      </div>
      <Notes help={p.help} error={p.error} />
      <Suggestions>
        <ListBox<Found> className="menu" renderEmptyState={() => <p className="small muted pad">{p.empty}</p>}>
          {(item) => (
            <ListBoxItem id={item.id} textValue={item.name} className="menu-item">
              {item.lead}
              <span className="grow">
                <bdi>{item.name}</bdi>
                {item.note !== undefined && <span className="label muted block">{item.note}</span>}
              </span>
            </ListBoxItem>
          )}
        </ListBox>
      </Suggestions>
    </ComboBox>
  );
}

/** The list below the field. React Aria closes it when the page scrolls, also when it is the field's own focus that makes it; but the list
 * scrolls with the page, so it stays. In a part that scrolls by itself it would not, and it closes. */
function Suggestions({ children }: { children: ReactNode }) {
  const field = use(ComboBoxStateContext);
  const change = (open: boolean) => {
    if (!open && !isPageScroll(window.event)) field?.close();
  };
  return (
    <Popover className="popover" isOpen={field?.isOpen ?? false} onOpenChange={change}>
      {children}
    </Popover>
  );
}

const isPageScroll = (event: Event | undefined) => event?.type === "scroll" && !(event.target instanceof Element);
