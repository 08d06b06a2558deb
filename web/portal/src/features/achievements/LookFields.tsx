import { Patch, Unsewn } from "@updspace/ui/Patch";
import { useId, type ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import css from "./achievements.module.css";
import type { Values } from "./edits.ts";
import { rarities, tiers } from "./parts.ts";
import { RarityTag } from "./words.tsx";

interface LookFieldsProps {
  /** The id that the patch is drawn from; a new achievement has none yet. */
  id: string | undefined;
  values: Pick<Values, "tier" | "rarity">;
  onChange: (next: Partial<Values>) => void;
}

/** The tier, as the rim that it gives the patch, and the rarity. */
export function LookFields({ id, values, onChange }: LookFieldsProps) {
  const intl = useIntl();
  return (
    <>
      <Tokens legend={intl.formatMessage({ id: "achievements.tier" })}>
        {(name) =>
          tiers.map((tier) => (
            <Token key={tier} name={name} chosen={tier === values.tier} onChoose={() => onChange({ tier })}>
              {id === undefined && tier === "none" ? <Unsewn size="s" /> : <Patch id={id ?? "new"} tier={tier} size="s" />}
              <FormattedMessage id={`achievements.tier.${tier}`} />
            </Token>
          ))
        }
      </Tokens>
      <Tokens legend={intl.formatMessage({ id: "achievements.rarity" })}>
        {(name) =>
          rarities.map((rarity) => (
            <Token key={rarity} name={name} chosen={rarity === values.rarity} onChoose={() => onChange({ rarity })}>
              <RarityTag rarity={rarity} />
            </Token>
          ))
        }
      </Tokens>
    </>
  );
}

/** One of a few that are shown and not only named. */
function Tokens({ legend, children }: { legend: string; children: (name: string) => ReactNode }) {
  const name = useId();
  return (
    <fieldset className="field">
      <legend className="lab">{legend}</legend>
      <div className={css["tokens"]}>{children(name)}</div>
    </fieldset>
  );
}

function Token({ name, chosen, onChoose, children }: { name: string; chosen: boolean; onChoose: () => void; children: ReactNode }) {
  return (
    <label className={`radio-card ${css["token"]}`}>
      <input type="radio" name={name} checked={chosen} onChange={onChoose} />
      {children}
    </label>
  );
}
