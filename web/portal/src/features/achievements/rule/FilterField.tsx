import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useSettled } from "@updspace/kit/settled.ts";
import { IconButton } from "@updspace/ui/Button";
import { Checkbox } from "@updspace/ui/Checkbox";
import { Patch } from "@updspace/ui/Patch";
import { SearchPicker } from "@updspace/ui/SearchPicker";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { thingQuery, thingsQuery, type Thing } from "../things.ts";
import { useTexts } from "../words.tsx";
import { isThing, most, services, valuesOf, type Fact, type Field, type Filter } from "./draft.ts";
import css from "./rule.module.css";

interface FilterFieldProps {
  fact: Fact;
  filter: Filter;
  onChange: (values: string[]) => void;
  onRemove: () => void;
  error: string | undefined;
}

/** One filter of a condition: a few values to tick, or things that are found by their names. */
export function FilterField({ fact, filter: { field, any_of }, onChange, onRemove, error }: FilterFieldProps) {
  const intl = useIntl();
  const name = intl.formatMessage({ id: `rules.field.${field}` });
  const few = valuesOf(fact, field);
  const values = few && [...new Set([...few, ...any_of])];
  const toggle = (value: string, on: boolean) => onChange(on ? [...any_of, value] : any_of.filter((v) => v !== value));
  return (
    <fieldset className="field">
      <legend className="lab">{name}</legend>
      <div className={css["filter"]}>
        {values ? (
          <div className={css["values"]}>
            {values.map((value) => (
              <Checkbox
                key={value}
                label={valueName(intl, field, value)}
                checked={any_of.includes(value)}
                onChange={(on) => toggle(value, on)}
              />
            ))}
          </div>
        ) : (
          <div className="vstack s grow">
            {any_of.length > 0 && (
              <ul className="card rows">
                {any_of.map((id) => (
                  <Chosen key={id} field={field} id={id} onRemove={() => toggle(id, false)} />
                ))}
              </ul>
            )}
            {isThing(field) && any_of.length < most.values && (
              <ThingPicker key={any_of.length} kind={field} except={any_of} onPick={(id) => toggle(id, true)} />
            )}
          </div>
        )}
        <IconButton label={intl.formatMessage({ id: "rules.filter.remove" }, { name })} onPress={onRemove}>
          <X className="i" aria-hidden="true" />
        </IconButton>
      </div>
      {error !== undefined && (
        <span className="field-error" role="alert">
          {error}
        </span>
      )}
    </fieldset>
  );
}

function valueName(intl: ReturnType<typeof useIntl>, field: Field, value: string): string {
  switch (field) {
    case "scope_type":
      return intl.formatMessage({ id: `rules.value.${value as "TENANT" | "COMMUNITY" | "TEAM" | "EVENT" | "POST"}` }); // valuesOf has these
    case "visibility":
      return intl.formatMessage({ id: `rules.value.${value as "public" | "community" | "team" | "private"}` });
    case "answer":
      return intl.formatMessage({ id: `rules.value.${value as "going" | "interested" | "not_going"}` });
    case "method":
      return intl.formatMessage({ id: `rules.value.${value as "organiser" | "scan" | "self"}` });
    case "provider":
      return services[value] ?? value;
    default:
      return value;
  }
}

function Chosen({ field, id, onRemove }: { field: Field; id: string; onRemove: () => void }) {
  const intl = useIntl();
  const kind = isThing(field) ? field : undefined;
  const texts = useTexts();
  const { data, isError } = useQuery({ ...thingQuery(kind ?? "event", id), enabled: kind !== undefined, retry: false });
  const known = typeof data === "object" ? texts(data) : data;
  const name = kind === undefined ? id : isError ? intl.formatMessage({ id: "achievements.rule.unknown" }) : (known ?? "…");
  return (
    <li className={`row ${css["chosen"]}`}>
      {kind === "achievement" && <Patch id={id} tier="none" size="s" />}
      <bdi className="grow strong">{name}</bdi>
      <IconButton label={intl.formatMessage({ id: "rules.value.remove" }, { name })} onPress={onRemove}>
        <X className="i s" aria-hidden="true" />
      </IconButton>
    </li>
  );
}

interface ThingPickerProps {
  kind: Thing;
  except: readonly string[];
  onPick: (id: string) => void;
}

/** Finds a community, a poll, an event or an achievement by its name. */
function ThingPicker({ kind, except, onPick }: ThingPickerProps) {
  const intl = useIntl();
  const texts = useTexts();
  const [query, setQuery] = useState("");
  const { data, isFetching } = useQuery(thingsQuery(kind, useSettled(query.trim())));
  const found = (data ?? [])
    .filter((f) => !except.includes(f.id))
    .map(({ id, name }) => ({ id, name: typeof name === "string" ? name : texts(name) }));
  return (
    <SearchPicker
      label={intl.formatMessage({ id: `rules.pick.${kind}` })}
      query={query}
      onQuery={setQuery}
      found={found}
      onPick={(id) => {
        if (id !== undefined) onPick(id);
      }}
      empty={intl.formatMessage({ id: isFetching ? "rules.pick.searching" : "rules.pick.none" })}
      openLabel={intl.formatMessage({ id: "rules.pick.open" })}
    />
  );
}

/** What else a condition can be narrowed by, as buttons. */
export function AddFilter({ fields, onAdd }: { fields: readonly Field[]; onAdd: (field: Field) => void }) {
  if (fields.length === 0) return null;
  return (
    <div className={css["add"]}>
      <span className="small muted">
        <FormattedMessage id="rules.filter.add" />
      </span>
      {fields.map((field) => (
        <button key={field} type="button" className="btn line s" onClick={() => onAdd(field)}>
          <FormattedMessage id={`rules.field.${field}`} />
        </button>
      ))}
    </div>
  );
}
