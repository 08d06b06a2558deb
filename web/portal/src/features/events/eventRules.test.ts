import { expect, test } from "vitest";
import { changes, created, emptyEvent, startingAt, tagsOf, valuesOf, type EventValues } from "./eventRules.ts";
import type { EventDate } from "./queries.ts";
import { weekly } from "./repeat.ts";

const now = Date.parse("2026-03-09T10:20:00Z");

const event: EventDate = {
  id: "e",
  occurrenceId: "o",
  tenantId: "t",
  scopeType: "TENANT",
  scopeId: "t",
  title: "Late game night",
  description: null,
  startsAt: "2026-03-24T18:00:00Z",
  endsAt: "2026-03-24T20:00:00Z",
  originalStartsAt: "2026-03-24T16:00:00Z",
  timeZone: "Europe/Moscow",
  allDay: false,
  locationText: null,
  locationUrl: null,
  gameId: null,
  tags: [],
  visibility: "public",
  status: "scheduled",
  cancelReason: null,
  changed: true,
  series: {
    title: "Game night",
    description: "Snacks.",
    locationText: null,
    locationUrl: null,
    startsAt: "2026-03-10T16:00:00Z",
    endsAt: "2026-03-10T18:00:00Z",
    rrule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
    rdates: ["2026-03-14T10:00:00Z"],
    exdates: ["2026-03-24T16:00:00Z", "2026-04-07T16:00:00Z"],
  },
  coHosts: [],
  createdBy: "u",
  createdAt: "2026-03-01T00:00:00Z",
  updatedAt: "2026-03-01T00:00:00Z",
  version: 3,
  canManage: true,
  canAnswer: true,
  capacity: 12,
  plusOnes: 0,
  answersCloseMinutes: null,
  reminderMinutes: [1440, 60],
  answersCloseAt: "2026-03-24T20:00:00Z",
  seatsTaken: 0,
  waitingCount: 0,
  rsvpCounts: { going: 0, interested: 0, not_going: 0 },
  myRsvp: null,
  myAnswer: null,
};

test("a new event is tomorrow at a full hour", () => {
  const values = emptyEvent(now, "Europe/Moscow");
  expect([values.startsAt, values.endsAt]).toEqual(["2026-03-10T11:00:00.000Z", "2026-03-10T13:00:00.000Z"]);
});

test("what was left empty is not sent, and a draft says so", () => {
  const values: EventValues = { ...emptyEvent(now, "UTC"), title: " Raid ", repeat: weekly("2026-03-10") };
  expect(created(values, { scopeType: "TEAM", scopeId: "x" }, true)).toEqual({
    title: "Raid",
    reminderMinutes: [1440, 60],
    startsAt: "2026-03-10T11:00:00.000Z",
    endsAt: "2026-03-10T13:00:00.000Z",
    timeZone: "UTC",
    allDay: false,
    visibility: "public",
    rrule: "FREQ=WEEKLY;BYDAY=TU",
    scopeType: "TEAM",
    scopeId: "x",
    status: "draft",
  });
  expect(created({ ...values, repeat: null }, undefined, false)).not.toHaveProperty("rrule");
});

test("the whole event is edited from its first date, one date from its own", () => {
  expect(valuesOf(event, "all")).toMatchObject({ title: "Game night", description: "Snacks.", startsAt: "2026-03-10T16:00:00Z" });
  expect(valuesOf(event, "this")).toMatchObject({ title: "Late game night", description: "", startsAt: "2026-03-24T18:00:00Z" });
});

test("only what differs is sent, and of one date only what a date has", () => {
  const before = valuesOf(event, "all");
  expect(changes(before, before, "all")).toEqual({});
  const after: EventValues = {
    ...before,
    title: "Chess night",
    visibility: "private",
    capacity: 0,
    tags: ["chess"],
    answersCloseMinutes: 60,
  };
  const sent = { title: "Chess night", visibility: "private", capacity: null, tags: ["chess"], answersCloseMinutes: 60 };
  expect(changes(before, after, "all")).toEqual(sent);
  expect(changes(before, after, "this")).toEqual({ title: "Chess night" });
});

test("without a rule no date is left out", () => {
  const before = valuesOf(event, "all");
  expect(changes(before, { ...before, repeat: null }, "all")).toEqual({ rrule: "", exdates: [] });
});

test("this and the following take their own single dates along", () => {
  expect(valuesOf(event, "following")).toMatchObject({ rdates: [], exdates: ["2026-03-24T16:00:00.000Z", "2026-04-07T16:00:00.000Z"] });
});

// New York changes its clocks on 8 March 2026, Moscow never.
test("left-out dates stay at the clock of the start, extra dates at their own", () => {
  const values = { ...valuesOf(event, "all"), exdates: ["2026-03-24T16:00:00.000Z"] }; // 19:00 in Moscow
  expect(startingAt(values, { startsAt: "2026-03-11T17:30:00Z", timeZone: "Europe/Moscow" })).toEqual({
    startsAt: "2026-03-11T17:30:00Z",
    timeZone: "Europe/Moscow",
    rdates: ["2026-03-14T10:00:00.000Z"],
    exdates: ["2026-03-24T17:30:00.000Z"],
  });
  expect(startingAt(values, { startsAt: "2026-03-10T23:00:00Z", timeZone: "America/New_York" })).toMatchObject({
    rdates: ["2026-03-14T17:00:00.000Z"], // 13:00, as it was in Moscow
    exdates: ["2026-03-24T23:00:00.000Z"],
  });
});

test("tags are separated by commas, each once", () => {
  expect(tagsOf(" raid, , healers,raid ")).toEqual(["raid", "healers"]);
});
