import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { pictureOf } from "@updspace/kit/achievementPicture.ts";
import { gamification, ok } from "@updspace/kit/api.ts";
import { useSettled } from "@updspace/kit/settled.ts";
import { IconButton } from "@updspace/ui/Button";
import { Patch } from "@updspace/ui/Patch";
import { PeoplePicker } from "@updspace/ui/PeoplePicker";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import css from "./achievements.module.css";
import { achievementQuery, achievementsKey } from "./queries.ts";
import { useTexts } from "./words.tsx";

const atOnce = 20;

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
  const [query, setQuery] = useState("");
  const q = useSettled(query.trim());
  const { data, isFetching } = useQuery({
    queryKey: [achievementsKey, "field", q],
    queryFn: ({ signal }) => {
      const params = { query: { status: ["published"], ...(q !== "" && { q }), limit: atOnce } };
      return ok(gamification.GET("/api/v1/gamification/achievements", { params, signal }));
    },
    placeholderData: keepPreviousData,
  });
  const found = (data?.items ?? [])
    .filter((a) => a.id !== except && !value.includes(a.id))
    .map((a) => ({
      id: a.id,
      name: texts(a.name_i18n),
      src: null,
      lead: <Patch id={a.id} tier={a.tier} size="s" src={pictureOf(a.images, "small")} />,
    }));
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
      {value.length < most && (
        <PeoplePicker
          key={value.length}
          label={intl.formatMessage({ id: "achievements.prerequisites.add" })}
          query={query}
          onQuery={setQuery}
          found={found}
          onPick={(id) => {
            if (id === undefined) return;
            setQuery("");
            onChange([...value, id]);
          }}
          empty={intl.formatMessage({ id: isFetching ? "achievements.prerequisites.searching" : "achievements.prerequisites.none" })}
          openLabel={intl.formatMessage({ id: "achievements.prerequisites.open" })}
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
