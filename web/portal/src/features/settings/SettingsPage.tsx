import { useSuspenseQuery } from "@tanstack/react-query";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { Tabs } from "@updspace/ui/Tabs";
import { ShieldCheck } from "lucide-react";
import { lazy, Suspense } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { may, useSession } from "../../session.ts";
import { Guests } from "./Guests.tsx";
import { Looks } from "./Looks.tsx";
import { Notifications } from "./Notifications.tsx";
import { parts, type SettingsPart } from "./parts.ts";
import { PictureForm } from "./PictureForm.tsx";
import { ProfileForm } from "./ProfileForm.tsx";
import { myProfileQuery } from "./queries.ts";
import { Reminders } from "./Reminders.tsx";
import style from "./settings.module.css";

const GameAccounts = lazy(async () => ({ default: (await import("./GameAccounts.tsx")).GameAccounts }));

/** The parts that everybody has. */
const open: ReadonlySet<SettingsPart> = new Set<SettingsPart>(["looks", "notifications", "reminders"]);

/** What a person decides about oneself in this tenant. Sign-in and security are on the pages of the ID service. */
export function SettingsPage({ part }: { part: SettingsPart }) {
  const intl = useIntl();
  const session = useSession();
  const { data: profile } = useSuspenseQuery(myProfileQuery);
  const mine = parts.filter((p) => open.has(p) || may(session, p === "games" ? "activity.sources.link" : "portal.profile.edit_self"));
  const shown = mine.includes(part) ? part : "looks";
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "account.settings" })}>
        <LinkButton href={`${session.id_frontend_base_url}/account?from=${session.tenant.slug}`} external>
          <ShieldCheck className="i s" aria-hidden="true" />
          <FormattedMessage id="account.security" />
        </LinkButton>
      </PageHead>
      <Tabs
        label={intl.formatMessage({ id: "account.settings" })}
        tabs={mine.map((p) => ({
          href: p === "profile" ? "/settings" : `/settings?part=${p}`,
          name: intl.formatMessage({ id: `settings.part.${p}` }),
          current: p === shown,
        }))}
      />
      <div className={style["part"]}>
        {shown === "profile" && <ProfileForm profile={profile} />}
        {shown === "picture" && <PictureForm profile={profile} />}
        {shown === "guests" && <Guests profile={profile} />}
        {shown === "notifications" && <Notifications />}
        {shown === "reminders" && <Reminders />}
        {shown === "games" && (
          <Suspense fallback={null}>
            <GameAccounts />
          </Suspense>
        )}
        {shown === "looks" && <Looks />}
      </div>
    </>
  );
}
