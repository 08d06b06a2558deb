// The page behind the links of an invitation to an event, for people with and without an account.
import type { events as api } from "@updspace/api";
import { id } from "./demo.ts";
import { refused, type State } from "./state.ts";

type Invited = api.components["schemas"]["InvitedEvent"];
type EventDate = Invited["event"];

const preview = "/api/v1/events/invitations/preview";
const day = 86_400_000;
const at = (days: number, hours = 0) => `${new Date(Date.now() + days * day).toISOString().slice(0, 10)}T${17 + hours}:00:00Z`;

/** A series with one seat left, as the owner of an address is shown it. */
const invited = (change: Partial<EventDate> = {}, guest = true): Invited => ({
  guest,
  event: {
    id: id("e1"),
    occurrenceId: id("e2"),
    tenantId: "00000000-0000-0000-0000-000000000001",
    scopeType: "TENANT",
    scopeId: "00000000-0000-0000-0000-000000000001",
    title: "Garden party",
    description: "Bring something to sit on.\nThe grill is hot from six.",
    startsAt: at(6),
    endsAt: at(6, 3),
    originalStartsAt: at(6),
    timeZone: "America/New_York",
    allDay: false,
    locationText: "Behind the club",
    locationUrl: "https://example.com/map",
    gameId: null,
    tags: ["summer"],
    visibility: "private",
    status: "scheduled",
    cancelReason: null,
    changed: false,
    series: {
      title: "Garden party",
      description: null,
      locationText: null,
      locationUrl: null,
      startsAt: at(6),
      endsAt: at(6, 3),
      rrule: "FREQ=WEEKLY;COUNT=4",
      rdates: [],
      exdates: [],
    },
    coHosts: [],
    createdBy: id("01"),
    createdAt: at(-3),
    updatedAt: at(-3),
    version: 1,
    canManage: false,
    canAnswer: true,
    capacity: 12,
    plusOnes: 0,
    answersCloseMinutes: null,
    answersCloseAt: at(6, 3),
    reminderMinutes: [60],
    seatsTaken: 11,
    waitingCount: 0,
    rsvpCounts: { going: 11, interested: 2, not_going: 1 },
    myRsvp: null,
    myAnswer: null,
    ...change,
  },
});

const waiting: Partial<EventDate> = {
  seatsTaken: 12,
  waitingCount: 1,
  myRsvp: "going",
  myAnswer: {
    userId: id("02"),
    guest: false,
    address: null,
    status: "going",
    waiting: true,
    plusOnes: 0,
    comment: null,
    answeredAt: at(-1),
    answeredBy: id("02"),
  },
};

export const invitationStates: State[] = [
  { name: "invitation", path: "/invitation#some.going", answers: { [preview]: invited() } },
  { name: "invitation-answered", path: "/invitation#some", answers: { [preview]: invited({ myRsvp: "interested", series: null }) } },
  { name: "invitation-waiting", path: "/invitation#some.going", as: "member", answers: { [preview]: invited(waiting, false) } },
  {
    name: "invitation-cancelled",
    path: "/invitation#some.going",
    answers: { [preview]: invited({ status: "cancelled", cancelReason: "Storm", canAnswer: false, series: null }) },
  },
  { name: "invitation-broken", path: "/invitation#none", allow: refused(404) },
];
