import { CalendarDays, Flag, House, SlidersHorizontal, Trophy, UsersRound, Vote, type LucideIcon } from "lucide-react";
import type { Session } from "@updspace/kit/boot.ts";
import { may } from "../session.ts";

interface Section {
  to: "/" | "/communities" | "/events" | "/polls" | "/people" | "/achievements" | "/manage";
  name: "nav.home" | "nav.communities" | "nav.events" | "nav.polls" | "nav.people" | "nav.achievements" | "nav.manage";
  icon: LucideIcon;
  /** Where else the pages of the section are. */
  also?: RegExp;
  /** Below the line of the rail, and not in the phone's bar. */
  second?: boolean;
  /** Only for those who hold at least one of these permissions in the tenant. */
  needs?: readonly string[];
}

/** What a person who may manage anything in the tenant holds at least one of. */
const managing = ["portal.roles.read", "portal.communities.manage", "portal.tenant.settings.write", "voting.votings.admin"];

const all: Section[] = [
  { to: "/", name: "nav.home", icon: House, also: /^\/(posts|news)(\/|$)/ },
  { to: "/communities", name: "nav.communities", icon: Flag, also: /^\/[ct]\// },
  { to: "/events", name: "nav.events", icon: CalendarDays },
  { to: "/polls", name: "nav.polls", icon: Vote },
  { to: "/people", name: "nav.people", icon: UsersRound },
  { to: "/achievements", name: "nav.achievements", icon: Trophy, needs: ["gamification.achievements.read"], second: true },
  { to: "/manage", name: "nav.manage", icon: SlidersHorizontal, needs: managing, second: true },
];

/** The sections of the portal that the person may open: no entry leads to a 403. */
export function sections(session: Session): Section[] {
  return all.filter(({ needs }) => needs === undefined || needs.some((p) => may(session, p)));
}

/** Whether a page belongs to a section. */
export function isIn({ to, also }: Section, path: string): boolean {
  return path === to || (to !== "/" && path.startsWith(`${to}/`)) || (also?.test(path) ?? false);
}
