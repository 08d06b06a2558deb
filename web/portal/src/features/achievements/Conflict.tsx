import { GitMerge } from "lucide-react";
import { languageName } from "@updspace/kit/texts.ts";
import { useEffect, useRef } from "react";
import { FormattedMessage, useIntl, type IntlShape } from "react-intl";
import css from "./achievements.module.css";
import type { Field, Values } from "./edits.ts";

/** Says that another manager has changed the achievement meanwhile: both changes are in the form now. */
export function Conflict({ both, theirs }: { both: readonly Field[]; theirs: Values }) {
  const intl = useIntl();
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.focus(), []);
  return (
    <section className={`card pad vstack s ${css["conflict"]}`} ref={section} tabIndex={-1} aria-labelledby="conflict">
      <h2 id="conflict" className="line">
        <GitMerge className="i" aria-hidden="true" />
        <FormattedMessage id="achievements.conflict" />
      </h2>
      <p>
        <FormattedMessage id={both.length === 0 ? "achievements.conflict.none" : "achievements.conflict.both"} />
      </p>
      {both.length > 0 && (
        <ul className={css["versions"]}>
          {both.map((field) => (
            <li key={field}>
              <span className="strong">{fieldName(intl, field)}</span>
              <span className="muted" dir="auto">
                {shown(intl, valueOf(theirs, field)) || intl.formatMessage({ id: "achievements.conflict.empty" })}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function valueOf(values: Values, field: Field): unknown {
  const [name = field, part] = field.split(".");
  const value: unknown = values[name as keyof Values]; // fields are named by the values that they were taken from
  return part === undefined ? value : (value as Record<string, unknown>)[part];
}

function shown(intl: IntlShape, value: unknown): string {
  if (typeof value === "number") return intl.formatNumber(value);
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return intl.formatNumber(value.length);
  return value === true ? intl.formatMessage({ id: "achievements.conflict.on" }) : "";
}

function fieldName(intl: IntlShape, field: Field): string {
  const [name = field, part = ""] = field.split(".");
  const language = name.endsWith("_i18n") ? languageName(intl.locale, part) : "";
  switch (name) {
    case "name_i18n":
      return intl.formatMessage({ id: "achievements.field.name" }, { language });
    case "description_i18n":
      return intl.formatMessage({ id: "achievements.field.description" }, { language });
    case "description":
      return intl.formatMessage({ id: "achievements.field.others" });
    case "images":
      return intl.formatMessage({ id: part === "small" || part === "large" ? `achievements.field.${part}` : "achievements.field.picture" });
    case "image_alt_i18n":
      return intl.formatMessage({ id: "achievements.field.alt" }, { language });
    case "image_alt":
      return intl.formatMessage({ id: "achievements.field.alt.others" });
    case "secret":
      return intl.formatMessage({ id: "achievements.field.secret" });
    case "max_grants":
      return intl.formatMessage({ id: "achievements.field.most" });
    case "issuer_daily_limit":
      return intl.formatMessage({ id: "achievements.field.limit" });
    case "expires_after_days":
      return intl.formatMessage({ id: "achievements.field.expires" });
    default:
      return intl.formatMessage({ id: `achievements.${name as "category" | "tier" | "rarity" | "kind" | "prerequisites" | "points"}` }); // the fields that are left
  }
}
