import type { Language, Session, Theme } from "@updspace/kit/boot.ts";
import { forgetDrafts } from "@updspace/kit/drafts.ts";
import { bff, ok } from "@updspace/kit/api.ts";
import { usePerson } from "@updspace/kit/people.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { useTheme } from "@updspace/kit/theme.tsx";
import { languageNames, useLanguage } from "@updspace/kit/words.tsx";
import { Helm } from "@updspace/ui/Helm";
import { Menu, MenuButton, MenuItem, MenuSeparator } from "@updspace/ui/Menu";
import { Check, LogOut, Settings, ShieldCheck, UserRound } from "lucide-react";
import { FormattedMessage, useIntl } from "react-intl";

const themes: { id: Theme; name: "theme.light" | "theme.dark" | "theme.auto" }[] = [
  { id: "auto", name: "theme.auto" },
  { id: "light", name: "theme.light" },
  { id: "dark", name: "theme.dark" },
];

const languages: Language[] = ["ru", "en"];

export function AccountMenu({ session }: { session: Session }) {
  const intl = useIntl();
  const me = usePerson(session.user.id);
  const { language, choose } = useLanguage();
  const [theme, setTheme] = useTheme();
  const signOut = useAction({
    run: (_: void, headers) => ok(bff.POST("/api/v1/session/logout", { headers })),
    onDone: () => {
      forgetDrafts();
      location.assign("/");
    },
  });
  const name = session.portal_profile?.display_name ?? session.portal_profile?.username ?? "";
  return (
    <Menu
      label={intl.formatMessage({ id: "account.menu" })}
      trigger={
        <MenuButton className="me" label={intl.formatMessage({ id: "account.button" }, { name })}>
          <Helm id={session.user.id} src={me?.avatar_url} />
        </MenuButton>
      }
    >
      <MenuItem href={`/people/${session.user.id}`} text={intl.formatMessage({ id: "account.profile" })}>
        <UserRound className="i s" aria-hidden="true" />
        <FormattedMessage id="account.profile" />
      </MenuItem>
      <MenuItem href="/settings" text={intl.formatMessage({ id: "account.settings" })}>
        <Settings className="i s" aria-hidden="true" />
        <FormattedMessage id="account.settings" />
      </MenuItem>
      <MenuItem
        href={`${session.id_frontend_base_url}/account?from=${session.tenant.slug}`}
        text={intl.formatMessage({ id: "account.security" })}
      >
        <ShieldCheck className="i s" aria-hidden="true" />
        <FormattedMessage id="account.security" />
      </MenuItem>
      <MenuSeparator />
      {languages.map((l) => (
        <MenuItem key={l} text={languageNames[l]} onAction={() => void choose(l)}>
          <Chosen on={l === language} />
          <span lang={l}>{languageNames[l]}</span>
        </MenuItem>
      ))}
      <MenuSeparator />
      {themes.map((t) => (
        <MenuItem key={t.id} text={intl.formatMessage({ id: t.name })} onAction={() => setTheme(t.id)}>
          <Chosen on={t.id === theme} />
          <FormattedMessage id={t.name} />
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem text={intl.formatMessage({ id: "account.signOut" })} onAction={() => signOut.start()}>
        <LogOut className="i s" aria-hidden="true" />
        <FormattedMessage id="account.signOut" />
      </MenuItem>
    </Menu>
  );
}

function Chosen({ on }: { on: boolean }) {
  return on ? <Check className="i s" aria-hidden="true" /> : <span className="i s" aria-hidden="true" />;
}
