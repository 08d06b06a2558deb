import { X } from "lucide-react";
import { PeopleField } from "@updspace/kit/peopleField.tsx";
import { Person, usePersonName } from "@updspace/kit/people.tsx";
import { IconButton } from "@updspace/ui/Button";
import { useEffect, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import css from "./events.module.css";
import type { EventDate } from "./queries.ts";

const most = 20;

interface CoHostsFieldProps {
  value: readonly string[];
  onChange: (hosts: string[]) => void;
  /** Who made the event, and so runs it anyway. */
  creator: string;
  scope: Pick<EventDate, "scopeType" | "scopeId">;
}

/** Who runs the event besides its creator. */
export function CoHostsField({ value, onChange, creator, scope: { scopeType, scopeId } }: CoHostsFieldProps) {
  const intl = useIntl();
  const [round, setRound] = useState(0); // a new field after each person
  const list = useRef<HTMLUListElement>(null);
  // The field that had the focus is gone: it goes to the person who was added.
  useEffect(() => {
    if (round > 0) list.current?.querySelector<HTMLElement>("li:last-child button")?.focus();
  }, [round]);
  return (
    <fieldset className="field">
      <legend className="lab">
        <FormattedMessage id="calendar.field.coHosts" />
      </legend>
      {value.length > 0 && (
        <ul className="card rows" ref={list}>
          {value.map((id) => (
            <Host key={id} id={id} onRemove={() => onChange(value.filter((x) => x !== id))} />
          ))}
        </ul>
      )}
      {value.length < most && (
        <PeopleField
          key={round}
          label={intl.formatMessage({ id: "calendar.field.coHosts.add" })}
          help={intl.formatMessage({ id: "calendar.field.coHosts.help" })}
          {...(scopeType !== "TENANT" && { within: { kind: scopeType, id: scopeId } })}
          except={[creator, ...value]}
          onPick={(id) => {
            if (id === undefined) return;
            onChange([...value, id]);
            setRound(round + 1);
          }}
        />
      )}
    </fieldset>
  );
}

function Host({ id, onRemove }: { id: string; onRemove: () => void }) {
  const intl = useIntl();
  const name = usePersonName(id);
  return (
    <li className={css["single"]}>
      <div className="grow">
        <Person id={id} />
      </div>
      <IconButton label={intl.formatMessage({ id: "calendar.field.coHosts.remove" }, { name })} onPress={onRemove}>
        <X className="i s" aria-hidden="true" />
      </IconButton>
    </li>
  );
}
