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

// The ids of portal/demo_groups.go and portal/demo_posts.go.
export const id = (end: string) => `00000000-0000-4000-8000-0000000000${end}`;
export const chess = `/c/${id("c1")}`;
export const openings = `/t/${id("d1")}`;
