import { Globe } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { languageNames } from "@updspace/kit/words.tsx";
import { Button } from "@updspace/ui/Button";
import { useAppearance } from "../session.ts";
import { Arrival } from "./Arrival.tsx";
import styles from "./Gate.module.css";
import { Mark } from "./Mark.tsx";

interface GateProps {
  title: ReactNode;
  lead?: ReactNode;
  children: ReactNode;
}

const themes = ["auto", "light", "dark"] as const;

/** The frame of every page outside of the account: what is asked at the left, where one comes from at the right. */
export function Gate({ title, lead, children }: GateProps) {
  const intl = useIntl();
  const { language, theme, chooseLanguage, chooseTheme } = useAppearance();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${heading.current?.textContent ?? ""} · UpdSpace ID`; // follows the language
  });
  const other = language === "ru" ? "en" : "ru";
  return (
    <div className={styles.split}>
      <main className={styles.side} id="main">
        <div className={styles.brand}>
          <Mark className={styles.mark} />
          UpdSpace ID
          <span className="end">
            <Button variant="quiet" size="s" onPress={() => chooseLanguage(other)}>
              <Globe className="i s" aria-hidden="true" />
              <span lang={other}>{languageNames[other]}</span>
            </Button>
          </span>
        </div>
        <div className={styles.content}>
          <div>
            <h1 ref={heading} className={styles.title}>
              {title}
            </h1>
            {lead !== undefined && <p className={styles.lead}>{lead}</p>}
          </div>
          {children}
        </div>
        <div className={styles.foot} role="group" aria-label={intl.formatMessage({ id: "theme.label" })}>
          {themes.map((t) => (
            <button key={t} type="button" aria-pressed={t === theme} onClick={() => chooseTheme(t)}>
              <FormattedMessage id={`theme.${t}`} />
            </button>
          ))}
        </div>
      </main>
      <Arrival />
    </div>
  );
}
