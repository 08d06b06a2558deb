import { FormattedMessage, useIntl } from "react-intl";
import css from "./achievements.module.css";
import { TileFace } from "./AchievementTile.tsx";
import type { Values } from "./edits.ts";
import type { Status } from "./queries.ts";
import { useTexts } from "./words.tsx";

/** The tile in the catalogue, while it is being written. */
export function Preview({ id, status, values }: { id: string | undefined; status: Status; values: Values }) {
  const intl = useIntl();
  const shown = Object.fromEntries(Object.entries(values.name_i18n).filter(([, name]) => name.trim() !== ""));
  const said = Object.fromEntries(Object.entries(values.description_i18n).filter(([, text]) => text.trim() !== ""));
  const name = useTexts()(shown);
  return (
    <aside className={css["preview"]} aria-label={intl.formatMessage({ id: "achievements.preview" })}>
      <div className={`card ${css["tile"]}`}>
        <TileFace achievement={{ ...values, id, status, name_i18n: shown, description_i18n: said }}>
          <p className="strong" dir="auto">
            {name || (
              <span className="muted">
                <FormattedMessage id="achievements.preview.unnamed" />
              </span>
            )}
          </p>
        </TileFace>
      </div>
      {id === undefined && (
        <p className="small muted">
          <FormattedMessage id="achievements.preview.drawn" />
        </p>
      )}
    </aside>
  );
}
