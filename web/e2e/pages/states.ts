// The pages and their main states, each tested in both languages, themes and widths, and in the pseudo-locale. A new page adds a line.
import { activityStates } from "./activityStates.ts";
import { achievementStates } from "./achievementStates.ts";
import * as acts from "./acts.ts";
import { cancelled, chess, closed, draft, drafted, event, id, open, openings, poll, scheduled, series, single, today } from "./demo.ts";
import * as eventActs from "./eventActs.ts";
import { clientStates } from "./clientStates.ts";
import { keyStates } from "./keyStates.ts";
import { idStates } from "./idStates.ts";
import { factorStates } from "./factorStates.ts";
import { accountAdminStates } from "./accountAdminStates.ts";
import { invitationStates } from "./invitationStates.ts";
import { manageStates } from "./manageStates.ts";
import { onboardingStates } from "./onboardingStates.ts";
import { digest } from "./notifications.ts";
import { pointStates } from "./pointStates.ts";
import { Refusal, refused, type State } from "./state.ts";
import { tenantStates } from "./tenantStates.ts";

const nothing = { items: [], next_cursor: null };
const noPolls = { ...nothing, totals: { todo: 0, open: 0, scheduled: 0, draft: 0, closed: 0 } };
const noDates = { items: [], meta: { total: 0, limit: 20, offset: 0 }, nextCursor: null };
const noQueue = { invites: { count: 0, items: [] }, join_requests: { count: 0, items: [] } };
const linkPath = "/api/v1/session/callback/preview";
const addressesPath = "/api/v1/events/calendars/addresses";
const oneAddress = { id: id("a1"), name: "AEF", content: "all", scopeType: null, scopeId: null, lastUsedOn: "2026-03-02" };
const addressTimes = { createdAt: "2026-03-01T10:00:00Z", renewedAt: "2026-03-01T10:00:00Z" };
/** The list of addresses, and at once a new one: both have the same path. */
const address = {
  ...oneAddress,
  ...addressTimes,
  path: "/api/v1/events/calendars/feeds/b2xkZXItdGhhbi10aGUtaGlsbHMtYW5kLWJsdWU1MTI/calendar.ics",
  items: [{ ...oneAddress, ...addressTimes, path: null }],
};
const preview = {
  scope_type: "COMMUNITY",
  scope_id: id("c2"),
  community_id: id("c2"),
  name: "Strategy Nights",
  description: "Maps, armies, long evenings.",
  community_name: "Strategy Nights",
  member_count: 6,
  my_role: null,
  expires_at: "2099-03-15T12:00:00Z",
};

export const states: State[] = [
  // Home and what hangs on every page
  { name: "guest", path: "/" },
  { name: "home", path: "/", as: "member" },
  {
    name: "home-empty",
    path: "/",
    as: "member",
    answers: {
      "/api/v1/portal/posts": nothing,
      "/api/v1/portal/me/queue": noQueue,
      "/api/v1/portal/me/groups": nothing,
      "/api/v1/voting/me/polls": noPolls,
      "/api/v1/voting/me/invites": [],
    },
  },
  { name: "home-failed", path: "/", as: "member", answers: { "/api/v1/portal/posts": 500 }, allow: refused(500) },
  { name: "palette", path: "/", as: "member", act: acts.palette },
  { name: "palette-found", path: "/", as: "member", act: acts.paletteFinds },
  { name: "account-menu", path: "/", as: "member", act: acts.accountMenu },
  { name: "tenant-menu", path: "/", as: "admin", act: acts.tenantMenu },
  { name: "create-menu", path: "/", as: "admin", act: acts.createMenu },
  { name: "offline", path: "/people", as: "member", act: acts.offline, allow: /ERR_INTERNET_DISCONNECTED/ },
  {
    name: "session-over",
    path: "/people",
    as: "member",
    answers: { "/api/v1/portal/people": 401 },
    act: acts.signInAgain,
    allow: refused(401),
  },
  { name: "missing", path: "/no/such/page", as: "member" },
  ...activityStates,
  // Posts
  { name: "composer", path: "/?write=true", as: "member" },
  { name: "composer-preview", path: "/?write=true", as: "member", act: acts.preview },
  { name: "post", path: `/posts/${id("e9")}`, as: "member" },
  { name: "post-menu", path: `/posts/${id("e9")}`, as: "admin", act: acts.postMenu },
  { name: "post-delete", path: `/posts/${id("e9")}`, as: "admin", act: acts.postDelete },
  { name: "post-edit", path: `/posts/${id("e9")}?edit=true`, as: "admin" },
  { name: "post-missing", path: `/posts/${id("00")}`, as: "member", allow: refused(404) },
  // Communities and teams
  { name: "communities", path: "/communities", as: "member" },
  { name: "communities-of-none", path: "/communities", as: "root" },
  { name: "communities-archived", path: "/communities?archived=true", as: "member" },
  { name: "communities-not-found", path: "/communities?q=nothing-is-called-so", as: "member" },
  { name: "found-community", path: "/communities?found=true", as: "admin", act: acts.dialog },
  { name: "community", path: chess, as: "member" },
  { name: "community-teams", path: `${chess}?tab=teams`, as: "member" },
  { name: "community-members", path: `${chess}?tab=members`, as: "member" },
  { name: "community-about", path: `${chess}?tab=about`, as: "member" },
  { name: "community-closed", path: `/c/${id("c2")}`, as: "member" },
  { name: "community-ask", path: `/c/${id("c2")}`, as: "member", act: acts.ask },
  { name: "community-archived", path: `/c/${id("c7")}`, as: "member" },
  { name: "community-leave", path: chess, as: "second", act: acts.leave },
  { name: "community-manage", path: `/c/${id("c3")}/manage`, as: "admin" },
  { name: "community-invite", path: `${chess}/manage?part=invitations`, as: "admin" },
  { name: "community-manage-members", path: `${chess}/manage?part=members`, as: "admin", act: acts.memberMenu },
  { name: "community-ban", path: `${chess}/manage?part=members`, as: "admin", act: acts.ban },
  { name: "community-bans", path: `${chess}/manage?part=bans`, as: "admin" },
  { name: "community-settings", path: `${chess}/manage?part=settings`, as: "admin" },
  { name: "community-delete", path: `${chess}/manage?part=settings`, as: "admin", act: acts.deleteGroup },
  { name: "community-manage-forbidden", path: `${chess}/manage`, as: "second" },
  { name: "team", path: openings, as: "member" },
  { name: "team-manage", path: `${openings}/manage?part=settings`, as: "member" },
  { name: "join", path: "/join", as: "member" },
  { name: "join-guest", path: "/join#nothing" },
  { name: "join-broken", path: "/join#nothing", as: "member", allow: refused(422) },
  { name: "join-preview", path: "/join#some", as: "member", answers: { "/api/v1/portal/invite-links/preview": preview } },
  { name: "sign-in-by-mail", path: "/sign-in" },
  { name: "link-from-a-mail", path: "/link#code=none", allow: refused(404) },
  { name: "link-expired", path: "/link#code=some", answers: { [linkPath]: new Refusal(410, "TOKEN_EXPIRED") }, allow: refused(410) },
  { name: "link-used", path: "/link#code=some", answers: { [linkPath]: new Refusal(409, "TOKEN_USED") }, allow: refused(409) },
  { name: "link-other-browser", path: "/link#code=some", answers: { [linkPath]: new Refusal(403, "OTHER_BROWSER") }, allow: refused(403) },
  // Polls
  { name: "polls", path: "/polls", as: "member" },
  { name: "polls-empty", path: "/polls", as: "admin", answers: { "/api/v1/voting/me/polls": noPolls } },
  { name: "polls-not-found", path: "/polls?q=nothing-is-called-so", as: "member" },
  { name: "polls-closed", path: "/polls?phase=closed", as: "member" },
  { name: "polls-drafts", path: "/polls?phase=draft", as: "admin" },
  { name: "poll", path: poll(open), as: "member" },
  { name: "poll-scheduled", path: poll(scheduled), as: "member" },
  { name: "poll-closed", path: poll(closed), as: "member" },
  { name: "ballot", path: poll(open, "/vote"), as: "member" },
  { name: "ballot-pictures", path: poll(open, "/vote?q=2"), as: "member" },
  { name: "ballot-review", path: poll(open, "/vote?q=review"), as: "member" },
  { name: "results", path: poll(closed, "/results"), as: "member" },
  { name: "stage", path: poll(closed, "/stage"), as: "member" },
  { name: "stage-revealed", path: poll(closed, "/stage"), as: "member", act: acts.reveal },
  { name: "poll-new", path: "/polls/new", as: "admin" },
  { name: "poll-manage", path: poll(open, "/manage"), as: "admin" },
  { name: "poll-manage-forbidden", path: poll(open, "/manage"), as: "member" },
  { name: "poll-menu", path: poll(open, "/manage"), as: "admin", act: acts.pollMenu(open) },
  { name: "poll-close", path: poll(open, "/manage"), as: "admin", act: acts.closePoll(open) },
  { name: "poll-rules-fixed", path: poll(open, "/manage?tab=rules"), as: "admin" },
  { name: "poll-people", path: poll(open, "/manage?tab=people"), as: "admin" },
  { name: "poll-journal", path: poll(open, "/manage?tab=journal"), as: "admin" },
  { name: "poll-questions", path: poll(draft, "/manage"), as: "admin" },
  { name: "poll-question", path: poll(draft, "/manage"), as: "admin", act: acts.firstQuestion },
  { name: "poll-rules", path: poll(draft, "/manage?tab=rules"), as: "admin" },
  { name: "poll-publish", path: poll(draft, "/manage?tab=check"), as: "admin" },
  { name: "poll-delete", path: poll(draft, "/manage"), as: "admin", act: acts.deletePoll(draft) },
  // The calendar
  { name: "events", path: "/events", as: "member" },
  { name: "events-empty", path: "/events", as: "admin", answers: { "/api/v1/events": noDates } },
  { name: "events-failed", path: "/events", as: "member", answers: { "/api/v1/events": 500 }, allow: refused(500) },
  { name: "events-over", path: "/events?over=true", as: "member" },
  { name: "events-month", path: "/events?view=month", as: "member" },
  { name: "events-week", path: "/events?view=week", as: "admin" },
  { name: "events-filtered", path: "/events?tag=raid&answer=going&from=2026-01-01", as: "member" },
  { name: "events-found", path: "/events?q=game", as: "admin" },
  { name: "events-filters", path: "/events", as: "member", act: eventActs.eventFilters },
  { name: "event", path: event(single), as: "member" },
  { name: "event-today", path: event(today), as: "second" },
  { name: "event-scanned", path: event(today, "#check-in=7K2M9Q"), as: "second" },
  { name: "event-cancelled", path: event(cancelled), as: "member" },
  { name: "event-series", path: event(series, "", "on"), as: "admin" },
  { name: "event-draft", path: event(drafted), as: "admin" },
  { name: "event-missing", path: `/events/${id("99")}`, as: "member", allow: refused(404) },
  { name: "event-menu", path: event(series, "", "on"), as: "admin", act: eventActs.eventMenu(series) },
  { name: "event-cancel", path: event(series, "", "on"), as: "admin", act: eventActs.cancelDate(series) },
  { name: "event-new", path: "/events/new", as: "admin" },
  { name: "event-new-forbidden", path: "/events/new", as: "second" },
  { name: "event-repeat", path: "/events/new", as: "admin", act: eventActs.repeatMonthly },
  { name: "event-series-rule", path: "/events/new", as: "admin", act: eventActs.singleDates },
  { name: "event-answer-for", path: event(single), as: "admin", act: eventActs.answerFor },
  { name: "event-invite", path: event(single), as: "admin", act: eventActs.inviteAddresses },
  ...invitationStates,
  { name: "event-check-in", path: event(series, "/check-in", "on"), as: "admin" },
  { name: "event-check-in-today", path: event(today, "/check-in"), as: "admin" },
  { name: "event-camera-denied", path: event(today, "/check-in"), as: "admin", act: eventActs.camera },
  { name: "event-edit", path: event(series, "/edit", "on"), as: "admin" },
  { name: "calendars", path: "/events/calendars", as: "admin" },
  { name: "calendars-failed", path: "/events/calendars", as: "second", answers: { [addressesPath]: 500 }, allow: refused(500) },
  { name: "calendars-made", path: "/events/calendars", as: "member", answers: { [addressesPath]: address }, act: eventActs.makeAddress },
  { name: "calendars-renew", path: "/events/calendars", as: "member", answers: { [addressesPath]: address }, act: eventActs.renewAddress },
  { name: "events-import", path: "/events/import", as: "admin" },
  { name: "events-import-forbidden", path: "/events/import", as: "second" },
  { name: "events-import-dry-run", path: "/events/import", as: "admin", act: eventActs.importDryRun },
  ...achievementStates,
  ...pointStates,
  // People
  { name: "people", path: "/people", as: "member" },
  { name: "people-not-found", path: "/people?q=nobody-is-called-so", as: "member" },
  { name: "people-failed", path: "/people", as: "member", answers: { "/api/v1/portal/people": 500 }, allow: refused(500) },
  { name: "profile", path: `/people/${id("02")}`, as: "second" },
  { name: "profile-missing", path: `/people/${id("00")}`, as: "second", allow: refused(404) },
  { name: "settings", path: "/settings", as: "member" },
  { name: "settings-picture", path: "/settings?part=picture", as: "member" },
  { name: "settings-crop", path: "/settings?part=picture", as: "member", act: acts.crop },
  { name: "settings-guests", path: "/settings?part=guests", as: "member" },
  { name: "settings-games", path: "/settings?part=games", as: "member" },
  { name: "settings-notifications", path: "/settings?part=notifications", as: "member" },
  {
    name: "settings-digest",
    path: "/settings?part=notifications",
    as: "member",
    answers: { "/api/v1/activity/notifications/preferences": digest },
  },
  { name: "settings-reminders", path: "/settings?part=reminders", as: "member" },
  { name: "settings-looks", path: "/settings?part=looks", as: "member" },
  ...manageStates,
  ...onboardingStates,
  { name: "developers", path: "/developers" },
  ...idStates,
  ...factorStates,
  ...accountAdminStates,
  ...clientStates,
  ...keyStates,
  ...tenantStates,
];
