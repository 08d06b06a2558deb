import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { pictureOf } from "@updspace/kit/achievementPicture.ts";
import { usePages } from "@updspace/kit/pages.tsx";
import { IconButton } from "@updspace/ui/Button";
import { Patch } from "@updspace/ui/Patch";
import { Select } from "@updspace/ui/Select";
import { FormattedMessage, useIntl } from "react-intl";
import css from "./achievements.module.css";
import { achievementPages, achievementQuery } from "./queries.ts";
import { useTexts } from "./words.tsx";

interface PrerequisitesFieldProps {
  value: readonly string[];
  /** The achievement itself. */
  except: string | undefined;
  most: number;
  onChange: (ids: string[]) => void;
  error: string | undefined;
}

/** The achievements that one must have before. */
export function PrerequisitesField({ value, except, most, onChange, error }: PrerequisitesFieldProps) {
  const intl = useIntl();
  const texts = useTexts();
  const { items } = usePages(achievementPages({ status: ["published"] }));
  const offered = items.filter((a) => a.id !== except && !value.includes(a.id));
  return (
    <fieldset className="field">
      <legend className="lab">
        <FormattedMessage id="achievements.prerequisites" />
      </legend>
      {value.length > 0 && (
        <ul className="card rows">
          {value.map((id) => (
            <Chosen key={id} id={id} onRemove={() => onChange(value.filter((x) => x !== id))} />
          ))}
        </ul>
      )}
      {value.length < most && offered.length > 0 && (
        <Select
          key={value.length}
          label={intl.formatMessage({ id: "achievements.prerequisites.add" })}
          hideLabel
          placeholder={intl.formatMessage({ id: "achievements.prerequisites.add" })}
          value=""
          choices={offered.map((a) => ({ id: a.id, name: texts(a.name_i18n) }))}
          onChange={(id) => onChange([...value, id])}
          error={error}
        />
      )}
      {value.length === 0 && (
        <span className="help">
          <FormattedMessage id="achievements.prerequisites.help" />
        </span>
      )}
    </fieldset>
  );
}

function Chosen({ id, onRemove }: { id: string; onRemove: () => void }) {
  const intl = useIntl();
  const texts = useTexts();
  const { data: a } = useQuery(achievementQuery(id));
  const name = a ? texts(a.name_i18n) : "…";
  return (
    <li className={`row ${css["chosen"]}`}>
      <Patch id={id} tier={a?.tier ?? "none"} size="s" src={pictureOf(a?.images ?? null, "small")} />
      <bdi className="grow strong">{name}</bdi>
      <IconButton label={intl.formatMessage({ id: "achievements.prerequisites.remove" }, { name })} onPress={onRemove}>
        <X className="i s" aria-hidden="true" />
      </IconButton>
    </li>
  );
}
