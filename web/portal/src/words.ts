import type { Language } from "@updspace/kit/boot.ts";
import { Dictionary } from "@updspace/kit/dictionary.ts";
import type { Messages } from "@updspace/kit/words.tsx";
import type en from "../messages/en.json";
import type kit from "../../kit/messages/en.json";

declare global {
  namespace FormatjsIntl {
    interface Message {
      ids: keyof typeof en | keyof typeof kit;
    }
  }
}

const load = {
  en: {
    achievements: () => import("./words/en.achievements.json"),
    apply: () => import("./words/en.apply.json"),
    badges: () => import("./words/en.badges.json"),
    calendar: () => import("./words/en.calendar.json"),
    codes: () => import("./words/en.codes.json"),
    core: () => import("./words/en.core.json"),
    developers: () => import("./words/en.developers.json"),
    feed: () => import("./words/en.feed.json"),
    guest: () => import("./words/en.guest.json"),
    manage: () => import("./words/en.manage.json"),
    news: () => import("./words/en.news.json"),
    notifications: () => import("./words/en.notifications.json"),
    points: () => import("./words/en.points.json"),
    polls: () => import("./words/en.polls.json"),
    rights: () => import("./words/en.rights.json"),
    rules: () => import("./words/en.rules.json"),
    reminders: () => import("./words/en.reminders.json"),
    settings: () => import("./words/en.settings.json"),
  },
  ru: {
    achievements: () => import("./words/ru.achievements.json"),
    apply: () => import("./words/ru.apply.json"),
    badges: () => import("./words/ru.badges.json"),
    calendar: () => import("./words/ru.calendar.json"),
    codes: () => import("./words/ru.codes.json"),
    core: () => import("./words/ru.core.json"),
    developers: () => import("./words/ru.developers.json"),
    feed: () => import("./words/ru.feed.json"),
    guest: () => import("./words/ru.guest.json"),
    manage: () => import("./words/ru.manage.json"),
    news: () => import("./words/ru.news.json"),
    notifications: () => import("./words/ru.notifications.json"),
    points: () => import("./words/ru.points.json"),
    polls: () => import("./words/ru.polls.json"),
    rights: () => import("./words/ru.rights.json"),
    rules: () => import("./words/ru.rules.json"),
    reminders: () => import("./words/ru.reminders.json"),
    settings: () => import("./words/ru.settings.json"),
  },
};

type Part = Exclude<keyof (typeof load)[Language], "core">;

/** The words of the page, compiled by web/scripts/messages.mjs. Loaders of routes wait for parts beyond the core: `words.need("polls")`. */
export const words = new Dictionary<Part>(async (language, part) => (await load[language][part]()).default as unknown as Messages);
