import { FormattedMessage, useIntl } from "react-intl";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useNow } from "@updspace/kit/time.tsx";
import { languageNames } from "@updspace/kit/words.tsx";
import { Choice } from "@updspace/ui/Choice";
import { ZoneField } from "@updspace/ui/ZoneField";
import { useAppearance, usePreferences } from "../../session.ts";
import styles from "./Profile.module.css";

const languages = ["ru", "en"] as const;
const themes = ["auto", "light", "dark"] as const;

/** Language, theme and zone: each holds at once. */
export function Appearance() {
  const intl = useIntl();
  const { language, theme, chooseLanguage, chooseTheme, chooseZone, saving } = useAppearance(intl.formatMessage({ id: "saved" }));
  const zone = usePreferences()?.timezone ?? "";
  const device = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const now = intl.formatTime(useNow(), { timeZone: zone || device });
  return (
    <>
      <div className={styles.setting}>
        <span className="strong">
          <FormattedMessage id="profile.language" />
        </span>
        <Choice
          label={intl.formatMessage({ id: "profile.language" })}
          value={language}
          onChange={chooseLanguage}
          choices={languages.map((id) => ({ id, name: languageNames[id] }))}
          tick
        />
      </div>
      <div className={styles.setting}>
        <span className="strong">
          <FormattedMessage id="theme.label" />
        </span>
        <Choice
          label={intl.formatMessage({ id: "theme.label" })}
          value={theme}
          onChange={chooseTheme}
          choices={themes.map((id) => ({ id, name: intl.formatMessage({ id: `theme.${id}` }) }))}
          tick
        />
      </div>
      <div className={styles.body}>
        <div className={styles.zone}>
          <ZoneField
            label={intl.formatMessage({ id: "profile.zone" })}
            help={intl.formatMessage({ id: "profile.zoneNow" }, { time: now })}
            value={zone}
            onChange={chooseZone}
            deviceName={intl.formatMessage({ id: "profile.zoneDevice" }, { zone: device })}
          />
        </div>
        <ActionError error={saving.error} />
      </div>
    </>
  );
}
