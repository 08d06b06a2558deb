// Where the things of the demo data are. Journeys make others meanwhile.

/** Reads from the server of the person who looks. */
export type Ask = (path: string) => Promise<unknown>;

interface Polls {
  items: { poll: { id: string; title: string } }[];
}

/** Pages of a poll of the demo data, by its title: their ids are new each time. Journeys make others meanwhile. */
export const poll =
  (title: string, tail = "") =>
  async (ask: Ask) => {
    const list = (await ask(`/api/v1/voting/me/polls?q=${encodeURIComponent(title)}`)) as Polls; // the server's list; the test fails below when it is none
    const found = list.items.find((i) => i.poll.title === title);
    if (!found) throw new Error(`there is no poll ${title}`);
    return `/polls/${found.poll.id}${tail}`;
  };
export const open = "Which day for the next game night?";
export const scheduled = "Карта для турнира выходного дня";
export const draft = "Анкета новичка";
export const closed = "Премия сообщества: игры года";

interface Dates {
  items: { id: string; occurrenceId: string; title: string }[];
}

/** Pages of an event of the demo data, by its title, on its next date. */
export const event =
  (title: string, tail = "", on = "") =>
  async (ask: Ask) => {
    const now = encodeURIComponent(new Date().toISOString());
    const list = (await ask(`/api/v1/events?from=${now}&q=${encodeURIComponent(title)}`)) as Dates; // as above
    const found = list.items.find((i) => i.title === title);
    if (!found) throw new Error(`there is no event ${title}`);
    return `/events/${found.id}${tail}${on && `?on=${found.occurrenceId}`}`;
  };
export const series = "Game night";
export const single = "Рейд: Огненные недра";
export const today = "Открытый день клуба";
export const cancelled = "Вечер настольных ролевых игр";
export const drafted = "Турнир по шахматам";

interface Achievements {
  items: { id: string; name_i18n: Record<string, string> }[];
}

/** Pages of an achievement of the demo data, by its name. Who asks must see it. */
export const achievement =
  (name: string, tail = "") =>
  async (ask: Ask) => {
    const every = "status=published,draft,hidden,archived&limit=100";
    const list = (await ask(`/api/v1/gamification/achievements?${every}&q=${encodeURIComponent(name)}`)) as Achievements; // as above
    const found = list.items.find((i) => i.name_i18n["en"] === name);
    if (!found) throw new Error(`there is no achievement ${name}`);
    return `/achievements/${found.id}${tail}`;
  };
/** The page of the badge that the member shows to everybody. The member asks. */
export const sharedBadge = async (ask: Ask) => {
  const held = (await ask("/api/v1/gamification/me/grants?limit=100")) as {
    items: { grant: { id: string }; achievement: Achievements["items"][0] }[];
  }; // as above
  const found = held.items.find((h) => h.achievement.name_i18n["en"] === heart);
  const badge = (await ask(`/api/v1/gamification/grants/${found?.grant.id}/badge`)) as { shared_path: string }; // as above
  return badge.shared_path;
};
export const heart = "Heart of the party";
export const champion = "Spring champion";
export const mentor = "Mentor";
export const chronicler = "Chronicler";

// The ids of portal/demo_groups.go and portal/demo_posts.go.
export const id = (end: string) => `00000000-0000-4000-8000-0000000000${end}`;
export const chess = `/c/${id("c1")}`;
export const openings = `/t/${id("d1")}`;
