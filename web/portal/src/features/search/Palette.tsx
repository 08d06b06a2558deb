import { useQuery } from "@tanstack/react-query";
import { CalendarDays, MessageSquareText, Newspaper, PenLine, Trophy, Vote } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { pictureOf } from "@updspace/kit/achievementPicture.ts";
import type { Session } from "@updspace/kit/boot.ts";
import { inWords } from "@updspace/kit/texts.ts";
import { CommandPalette, type CommandGroup } from "@updspace/ui/CommandPalette";
import { Flag } from "@updspace/ui/Flag";
import { Helm } from "@updspace/ui/Helm";
import { Patch } from "@updspace/ui/Patch";
import { useIntl, type IntlShape } from "react-intl";
import { may } from "../../session.ts";
import { sections } from "../../shell/sections.ts";
import { searchQuery, type Found } from "./queries.ts";

interface PaletteProps {
  open: boolean;
  onClose: () => void;
  session: Session;
}

/** Search and commands in one: pages and actions at once, people, communities, teams, posts, polls and events as they are found. */
export function Palette({ open, onClose, session }: PaletteProps) {
  const intl = useIntl();
  const [query, setQuery] = useState("");
  const text = useDeferredValue(query.trim());
  const found = useQuery({ ...searchQuery(text), enabled: open && text.length >= 2 });
  const groups = [...(text.length >= 2 && found.data ? results(intl, found.data) : []), ...commands(intl, session, query)];
  return (
    <CommandPalette
      open={open}
      onClose={() => {
        setQuery("");
        onClose();
      }}
      label={intl.formatMessage({ id: "palette.open" })}
      query={query}
      onQuery={setQuery}
      groups={groups.filter((g) => g.items.length > 0)}
      empty={intl.formatMessage({ id: found.isFetching ? "loading" : "palette.nothing" })}
      words={{
        close: intl.formatMessage({ id: "action.close" }),
        choose: intl.formatMessage({ id: "palette.choose" }),
        open: intl.formatMessage({ id: "palette.go" }),
      }}
    />
  );
}

function results(intl: IntlShape, found: Found): CommandGroup[] {
  const members = (n: number) => intl.formatMessage({ id: "palette.members" }, { n });
  return [
    {
      id: "people",
      name: intl.formatMessage({ id: "nav.people" }),
      items: found.people.map((p) => ({
        id: p.user_id,
        name: p.display_name || p.username || "",
        lead: <Helm id={p.user_id} src={p.avatar_url} />,
        href: `/people/${p.user_id}`,
      })),
    },
    {
      id: "communities",
      name: intl.formatMessage({ id: "nav.communities" }),
      items: found.communities.map((c) => ({
        id: c.id,
        name: c.name,
        note: members(c.member_count),
        lead: <Flag id={c.id} of="community" colours={c.hue === null ? undefined : { hue: c.hue }} />,
        href: `/c/${c.id}`,
      })),
    },
    {
      id: "teams",
      name: intl.formatMessage({ id: "palette.teams" }),
      items: found.teams.map((t) => ({
        id: t.id,
        name: t.name,
        note: t.community_name,
        lead: <Flag id={t.id} of="team" colours={t.hue === null ? undefined : { hue: t.hue }} />,
        href: `/t/${t.id}`,
      })),
    },
    {
      id: "posts",
      name: intl.formatMessage({ id: "palette.posts" }),
      items: found.posts
        .filter((p) => p.title !== "")
        .map((p) => ({ id: p.id, name: p.title, lead: <MessageSquareText className="i" aria-hidden="true" />, href: `/posts/${p.id}` })),
    },
    {
      id: "polls",
      name: intl.formatMessage({ id: "nav.polls" }),
      items: found.polls.map((p) => ({ id: p.id, name: p.title, lead: <Vote className="i" aria-hidden="true" />, href: `/polls/${p.id}` })),
    },
    {
      id: "events",
      name: intl.formatMessage({ id: "nav.events" }),
      items: found.events.map((e) => ({
        id: e.id,
        name: e.title,
        note: intl.formatDate(e.startsAt, { day: "numeric", month: "short" }),
        lead: <CalendarDays className="i" aria-hidden="true" />,
        href: `/events/${e.id}`,
      })),
    },
    {
      id: "achievements",
      name: intl.formatMessage({ id: "nav.achievements" }),
      items: found.achievements.map((a) => ({
        id: a.id,
        name: inWords(a.name_i18n, intl.locale),
        lead: <Patch id={a.id} tier={a.tier} size="s" src={pictureOf(a.images, "small")} />,
        href: `/achievements/${a.id}`,
      })),
    },
  ];
}

/** Pages and actions whose name contains what was typed; all of them before anything was. */
function commands(intl: IntlShape, session: Session, query: string): CommandGroup[] {
  const wanted = query.trim().toLocaleLowerCase(intl.locale);
  const matches = ({ name }: { name: string }) => name.toLocaleLowerCase(intl.locale).includes(wanted);
  const pages = sections(session).map(({ to, name, icon: Icon }) => ({
    id: `page ${to}`,
    name: intl.formatMessage({ id: name }),
    lead: <Icon className="i" aria-hidden="true" />,
    href: to,
  }));
  const actions = [
    { permission: "portal.posts.create_public", id: "write", name: "palette.write", href: "/?write=true", icon: PenLine },
    { permission: "activity.news.create", id: "news", name: "palette.news", href: "/news/new", icon: Newspaper },
    { permission: "events.event.create", id: "event", name: "palette.event", href: "/events/new", icon: CalendarDays },
    { permission: "voting.poll.create", id: "poll", name: "palette.poll", href: "/polls/new", icon: Vote },
    {
      permission: "gamification.achievements.create",
      id: "achievement",
      name: "palette.achievement",
      href: "/achievements/new",
      icon: Trophy,
    },
  ] as const;
  return [
    {
      id: "do",
      name: intl.formatMessage({ id: "palette.do" }),
      items: actions
        .filter((a) => may(session, a.permission))
        .map(({ id, name, href, icon: Icon }) => ({
          id,
          name: intl.formatMessage({ id: name }),
          href,
          lead: <Icon className="i" aria-hidden="true" />,
        }))
        .filter(matches),
    },
    { id: "pages", name: intl.formatMessage({ id: "palette.pages" }), items: pages.filter(matches) },
  ];
}
