// The pages and their main states, each tested in both languages, themes and widths. A new page adds a line.
import type { Page } from "@playwright/test";
import type { Role } from "../people.ts";

export interface State {
  name: string;
  /** The address; a function for pages of a thing, which it finds or makes. */
  path: string | ((ask: (path: string) => Promise<unknown>) => Promise<string>);
  /** Who looks; a guest when left out. */
  as?: Role;
  /** The host: a tenant's, or that of the ID service. */
  host?: "id";
  /** Brings the page into the state. */
  act?: (page: Page) => Promise<void>;
}

interface Items {
  items: { id: string; poll?: { id: string; phase: string } }[];
}

const firstOf = (list: string, page: (id: string) => string) => async (ask: (path: string) => Promise<unknown>) => {
  const answer = (await ask(list)) as Items | Items["items"]; // the servers' lists; a test fails below when it is none
  const item = (Array.isArray(answer) ? answer : answer.items)[0];
  if (!item) throw new Error(`${list} is empty`);
  return page(item.poll?.id ?? item.id);
};

const community = (tab: string) => firstOf("/api/v1/portal/me/groups?kind=COMMUNITY", (id) => `/c/${id}${tab}`);
const team = (tab: string) => firstOf("/api/v1/portal/me/groups?kind=TEAM", (id) => `/t/${id}${tab}`);
const poll = (phase: string, tail = "") => firstOf(`/api/v1/voting/me/polls?phase=${phase}`, (id) => `/polls/${id}${tail}`);

export const states: State[] = [
  { name: "guest", path: "/" },
  { name: "home", path: "/", as: "member" },
  { name: "composer", path: "/?write=true", as: "member" },
  { name: "palette", path: "/", as: "member", act: (page) => page.keyboard.press("Control+k") },
  { name: "communities", path: "/communities", as: "member" },
  { name: "found-community", path: "/communities?found=true", as: "admin" },
  { name: "community", path: community(""), as: "member" },
  { name: "community-teams", path: community("?tab=teams"), as: "member" },
  { name: "community-members", path: community("?tab=members"), as: "member" },
  { name: "community-about", path: community("?tab=about"), as: "member" },
  { name: "community-manage", path: community("/manage"), as: "admin" },
  { name: "team", path: team(""), as: "member" },
  { name: "post", path: firstOf("/api/v1/portal/posts", (id) => `/posts/${id}`), as: "member" },
  { name: "join", path: "/join", as: "member" },
  { name: "join-guest", path: "/join#nothing" },
  { name: "sign-in-by-mail", path: "/sign-in" },
  { name: "link-from-a-mail", path: "/link#code=none" },
  { name: "polls", path: "/polls", as: "member" },
  { name: "poll", path: poll("open"), as: "member" },
  { name: "ballot", path: poll("open", "/vote"), as: "member" },
  { name: "results", path: poll("closed", "/results"), as: "member" },
  { name: "poll-closed", path: poll("closed"), as: "member" },
  { name: "poll-new", path: "/polls/new", as: "admin" },
  { name: "poll-manage", path: poll("open", "/manage"), as: "admin" },
  { name: "people", path: "/people", as: "member" },
  { name: "profile", path: "/people/00000000-0000-4000-8000-000000000002", as: "second" },
  { name: "settings", path: "/settings", as: "member" },
  { name: "manage", path: "/manage", as: "admin" },
  { name: "manage-members", path: "/manage/members", as: "admin" },
  { name: "manage-roles", path: "/manage/roles", as: "admin" },
  { name: "manage-access", path: "/manage/access", as: "admin" },
  { name: "manage-journal", path: "/manage/journal", as: "admin" },
  { name: "manage-look", path: "/manage/look", as: "admin" },
  { name: "manage-forbidden", path: "/manage/roles", as: "member" },
  { name: "developers", path: "/developers" },
  { name: "missing", path: "/no/such/page", as: "member" },
  { name: "id-sign-in", host: "id", path: "/login" },
  {
    name: "id-sign-in-empty",
    host: "id",
    path: "/login",
    act: async (page) => {
      await page.getByRole("button", { name: /^(Sign in|Войти)$/ }).click();
      await page
        .getByText(/Fill this in|Заполните это поле/)
        .first()
        .waitFor();
    },
  },
  { name: "id-sign-in-again", host: "id", path: "/login?again=1", as: "member" },
  { name: "id-sign-out", host: "id", path: "/logout", as: "member" },
  { name: "id-signed-out", host: "id", path: "/signed-out" },
  { name: "id-account", host: "id", path: "/account", as: "member" },
  { name: "id-devices", host: "id", path: "/account/sessions", as: "member" },
  { name: "id-missing", host: "id", path: "/no/such/page", as: "member" },
];

/** Asks the server of the open page, as the person of the page. */
export function asker(page: Page): (path: string) => Promise<unknown> {
  return (path) =>
    page.evaluate(async (address) => {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
      return answer.json();
    }, path);
}
