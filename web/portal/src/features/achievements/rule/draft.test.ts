import { expect, test } from "vitest";
import { changed, draftOf, fieldsLeft, isComplete, mostNeeded, newCondition, newDraft, ruleOf } from "./draft.ts";

const stored = {
  time_zone: "Europe/Moscow",
  takes_back: true,
  conditions: [
    {
      fact: "event_attended" as const,
      measure: "count" as const,
      need: 5,
      window_days: 30,
      where: [{ field: "method", any_of: ["organiser", "scan"] }],
    },
    { fact: "post_written" as const, measure: "streak" as const, unit: "month" as const, need: 4, from: "2026-01-01" },
  ],
};

test("a rule that is read and not changed is sent as it was", () => {
  expect(ruleOf(draftOf(stored))).toEqual(stored);
});

test("another fact keeps what goes with it and drops the rest", () => {
  const [attended] = draftOf(stored).conditions;
  if (!attended) throw new Error("no condition");
  expect(changed(attended, { fact: "post_written" })).toMatchObject({ measure: "count", need: 5, window_days: 30, where: [] });
  expect(changed(attended, { fact: "member_anniversary" })).toMatchObject({ measure: "years", window_days: null });
  const inEvents = changed(
    { ...attended, fact: "ballot_cast", where: [{ field: "scope_type", any_of: ["EVENT", "TEAM"] }] },
    { fact: "post_written" },
  );
  expect(inEvents.where).toEqual([{ field: "scope_type", any_of: ["TEAM"] }]);
});

test("no more is needed than there can be", () => {
  const c = { ...newCondition(1), need: 900 };
  expect(changed(c, { fact: "member_anniversary" }).need).toBe(50);
  expect(changed(c, { measure: "days", window_days: 30 }).need).toBe(30);
  expect(mostNeeded({ measure: "count", window_days: 30 })).toBe(1000);
});

test("a streak has a unit, and nothing else does", () => {
  const draft = newDraft("UTC");
  const [c = newCondition(1)] = draft.conditions;
  expect(ruleOf(draft).conditions[0]).toEqual({ fact: "event_attended", measure: "count", need: 1 });
  expect(ruleOf({ ...draft, conditions: [changed(c, { measure: "streak", window_days: 7 })] }).conditions[0]).toEqual({
    fact: "event_attended",
    measure: "streak",
    unit: "week",
    need: 1,
  });
});

test("a field is filtered once, and a filter without a value is not sent", () => {
  const c = { ...newCondition(1), where: [{ field: "event" as const, any_of: [] }] };
  expect(fieldsLeft(c)).toEqual(["scope_type", "scope", "visibility", "method"]);
  expect(isComplete({ ...newDraft("UTC"), conditions: [c] })).toBe(false);
  expect(isComplete(newDraft("UTC"))).toBe(true);
});

test("a service of this installation stays in the filter", () => {
  const where = [{ field: "provider" as const, any_of: ["steam", "clan-sso"] }];
  const c = { ...newCondition(1), fact: "account_linked" as const, where };
  expect(changed(c, { need: 2 }).where).toEqual(where);
});
