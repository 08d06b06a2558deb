import { useQuery } from "@tanstack/react-query";
import {
  BadgeCheck,
  ChevronRight,
  Code,
  Inbox,
  KeyRound,
  MailPlus,
  Palette,
  Rss,
  Scale,
  ScrollText,
  UsersRound,
  Webhook,
  type LucideIcon,
} from "lucide-react";
import type { Session } from "@updspace/kit/boot.ts";
import { GroupTag } from "@updspace/kit/groups.tsx";
import { Person } from "@updspace/kit/people.tsx";
import { roleName } from "@updspace/kit/permissionWords.ts";
import { Time, Until, useNow } from "@updspace/kit/time.tsx";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { TextLink } from "@updspace/ui/TextLink";
import { FormattedMessage, useIntl } from "react-intl";
import { may, useSession } from "../../session.ts";
import { FirstDay, FirstDayHead, useFirstDay } from "./FirstDay.tsx";
import { readable } from "./journal.ts";
import { bindingsQuery, queueQuery } from "./queries.ts";
import { isInForce } from "./roles.ts";
import { reviewsApplications } from "./applications.ts";
import { managesSources, managesWebhooks } from "./webhooks.ts";

type Part =
  | "applications"
  | "invitations"
  | "members"
  | "roles"
  | "access"
  | "journal"
  | "look"
  | "badgeKeys"
  | "webhooks"
  | "sources"
  | "developers";

interface Entry {
  part: Part;
  href: string;
  icon: LucideIcon;
  open: (session: Session) => boolean;
}

const readsRoles = (s: Session) => may(s, "portal.roles.read");

const entries: Entry[] = [
  { part: "applications", href: "/manage/applications", icon: Inbox, open: (s) => may(s, reviewsApplications) },
  { part: "invitations", href: "/manage/invitations", icon: MailPlus, open: (s) => may(s, reviewsApplications) },
  { part: "members", href: "/manage/members", icon: UsersRound, open: readsRoles },
  { part: "roles", href: "/manage/roles", icon: Scale, open: readsRoles },
  { part: "access", href: "/manage/access", icon: KeyRound, open: readsRoles },
  { part: "journal", href: "/manage/journal", icon: ScrollText, open: (s) => readable(s).length > 0 },
  { part: "look", href: "/manage/look", icon: Palette, open: (s) => may(s, "portal.tenant.settings.write") },
  { part: "badgeKeys", href: "/manage/badge-keys", icon: BadgeCheck, open: (s) => may(s, "gamification.badges.manage") },
  { part: "webhooks", href: "/manage/webhooks", icon: Webhook, open: (s) => may(s, managesWebhooks) },
  { part: "sources", href: "/manage/sources", icon: Rss, open: (s) => may(s, managesSources) },
  { part: "developers", href: "/developers", icon: Code, open: () => true },
];

/** What waits for a decision, the first day of a new space, and the parts of the administration. */
export function ManagePage() {
  const intl = useIntl();
  const session = useSession();
  const day = useFirstDay();
  const parts = entries.filter((e) => e.open(session));
  return (
    <>
      {day ? (
        <>
          <FirstDayHead day={day} />
          <FirstDay day={day} />
        </>
      ) : (
        <PageHead title={intl.formatMessage({ id: "nav.manage" })} sub={intl.formatMessage({ id: "manage.sub" })} />
      )}
      <Waiting />
      {readsRoles(session) && <EndingSoon />}
      <nav className="card rows" aria-label={intl.formatMessage({ id: "nav.manage" })}>
        {parts.map(({ part, href, icon: Icon }) => (
          <TextLink key={part} className="row" href={href}>
            <Icon className="i" aria-hidden="true" />
            <span className="grow">
              <span className="strong">{intl.formatMessage({ id: `manage.${part}` })}</span>
              <span className="small muted block">
                <FormattedMessage id={`manage.about.${part}`} />
              </span>
            </span>
            <ChevronRight className="i s" aria-hidden="true" />
          </TextLink>
        ))}
      </nav>
    </>
  );
}

/** Requests to join that the person may decide, over all groups. */
function Waiting() {
  const { data } = useQuery(queueQuery);
  if (!data) return null;
  const { count, items } = data.join_requests;
  if (count === 0) {
    return (
      <p className="muted">
        <FormattedMessage id="manage.queue.none" />
      </p>
    );
  }
  return (
    <section className="card" aria-labelledby="queue">
      <div className="card-head">
        <h2 id="queue">
          <FormattedMessage id="manage.queue" />
        </h2>
        <span className="count">{count}</span>
      </div>
      <ul className="rows">
        {items.map((r) => (
          <li key={r.id} className="row">
            <div className="grow">
              <Person id={r.user_id} tag={<GroupTag id={r.scope_id} />}>
                {r.message !== "" && <q dir="auto">{r.message}</q>} <Time at={r.created_at} />
              </Person>
            </div>
            <LinkButton size="s" href={`/${r.scope_type === "TEAM" ? "t" : "c"}/${r.scope_id}/manage`}>
              <FormattedMessage id="manage.queue.decide" />
            </LinkButton>
          </li>
        ))}
      </ul>
    </section>
  );
}

const soon = 7 * 86_400_000; // milliseconds

/** Roles that end within a week, so that none ends unseen. */
function EndingSoon() {
  const intl = useIntl();
  const now = useNow();
  const { data } = useQuery(bindingsQuery);
  const ending = (data?.items ?? []).filter((b) => b.expires_at !== null && isInForce(b, now) && Date.parse(b.expires_at) < now + soon);
  if (ending.length === 0) return null;
  return (
    <section className="card" aria-labelledby="ending">
      <div className="card-head">
        <h2 id="ending">
          <FormattedMessage id="manage.access.ending" />
        </h2>
        <TextLink href="/manage/access?tab=ending">
          <FormattedMessage id="manage.ending.all" />
        </TextLink>
      </div>
      <ul className="rows">
        {ending.map((b) => (
          <li key={b.id} className="row">
            <div className="grow">
              <Person id={b.user_id} size="m">
                <bdi>{roleName(intl, b.role_name)}</bdi> {b.expires_at !== null && <Until at={b.expires_at} />}
              </Person>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
