import type { Theme } from "@updspace/kit/boot.ts";
import { useTheme } from "@updspace/kit/theme.tsx";
import { languageNames, useLanguage } from "@updspace/kit/words.tsx";
import { Choice } from "@updspace/ui/Choice";
import { FormattedMessage, useIntl } from "react-intl";

const themes = ["auto", "light", "dark"] as const satisfies readonly Theme[];

/** Language and theme of this browser. */
export function Looks() {
  const intl = useIntl();
  const [theme, setTheme] = useTheme();
  const { language, choose } = useLanguage();
  return (
    <section className="card rows" aria-label={intl.formatMessage({ id: "settings.part.looks" })}>
      <div className="row">
        <span className="grow strong">
          <FormattedMessage id="settings.language" />
        </span>
        <Choice
          label={intl.formatMessage({ id: "settings.language" })}
          value={language}
          onChange={(l) => void choose(l)}
          choices={[
            { id: "ru", name: languageNames.ru },
            { id: "en", name: languageNames.en },
          ]}
        />
      </div>
      <div className="row">
        <span className="grow strong">
          <FormattedMessage id="settings.theme" />
        </span>
        <Choice
          label={intl.formatMessage({ id: "settings.theme" })}
          value={theme}
          onChange={setTheme}
          choices={themes.map((t) => ({ id: t, name: intl.formatMessage({ id: `theme.${t}` }) }))}
        />
      </div>
    </section>
  );
}
