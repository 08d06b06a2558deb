import { useNavigate } from "@tanstack/react-router";
import { Check, LogOut, Wrench } from "lucide-react";
import { FormattedMessage, useIntl } from "react-intl";
import type { Language } from "@updspace/kit/boot.ts";
import { languageNames } from "@updspace/kit/words.tsx";
import { Helm } from "@updspace/ui/Helm";
import { Menu, MenuButton, MenuItem, MenuSeparator } from "@updspace/ui/Menu";
import { useAccount, useAppearance } from "../session.ts";
import styles from "./Shell.module.css";

const languages: Language[] = ["ru", "en"];
const themes = ["auto", "light", "dark"] as const;

export function AccountMenu({ onSignOut }: { onSignOut: () => void }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const account = useAccount();
  const { language, theme, chooseLanguage, chooseTheme } = useAppearance();
  return (
    <Menu
      label={intl.formatMessage({ id: "account.menu" })}
      trigger={
        <MenuButton
          className={styles.me ?? ""}
          label={intl.formatMessage({ id: "account.button" }, { name: account.display_name || account.username })}
        >
          <Helm id={account.id} src={account.avatar_url} />
        </MenuButton>
      }
    >
      {languages.map((l) => (
        <MenuItem key={l} text={languageNames[l]} onAction={() => chooseLanguage(l)}>
          <Chosen on={l === language} />
          <span lang={l}>{languageNames[l]}</span>
        </MenuItem>
      ))}
      <MenuSeparator />
      {themes.map((t) => (
        <MenuItem key={t} text={intl.formatMessage({ id: `theme.${t}` })} onAction={() => chooseTheme(t)}>
          <Chosen on={t === theme} />
          <FormattedMessage id={`theme.${t}`} />
        </MenuItem>
      ))}
      <MenuSeparator />
      {account.is_superuser && (
        <MenuItem text={intl.formatMessage({ id: "nav.admin" })} onAction={() => void navigate({ to: "/admin/accounts" })}>
          <Wrench className="i s" aria-hidden="true" />
          <FormattedMessage id="nav.admin" />
        </MenuItem>
      )}
      <MenuItem text={intl.formatMessage({ id: "signout.button" })} onAction={onSignOut}>
        <LogOut className="i s" aria-hidden="true" />
        <FormattedMessage id="signout.button" />
      </MenuItem>
    </Menu>
  );
}

function Chosen({ on }: { on: boolean }) {
  return on ? <Check className="i s" aria-hidden="true" /> : <span className="i s" aria-hidden="true" />;
}
