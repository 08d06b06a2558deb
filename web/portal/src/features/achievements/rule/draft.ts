// A rule while it is written, and how it becomes a request. What there is to choose is what the service accepts (gamification/rule).
import type { Rule, RuleCondition } from "../ruleQueries.ts";
import type { Thing } from "../things.ts";

export type Fact = RuleCondition["fact"];
export type Measure = RuleCondition["measure"];
export type Unit = NonNullable<RuleCondition["unit"]>;

/** What a filter looks at: one of a few values, or a thing that is searched for. */
export type Field = "scope_type" | "scope" | "visibility" | "poll" | "event" | "answer" | "method" | "provider" | "achievement";

export interface Filter {
  field: Field;
  any_of: string[];
}

export interface Condition {
  /** Keeps its place on the page when others are removed. */
  key: number;
  fact: Fact;
  measure: Measure;
  unit: Unit;
  need: number;
  /** Null is all time. */
  window_days: number | null;
  from: string;
  until: string;
  where: Filter[];
}

export interface Draft {
  time_zone: string;
  takes_back: boolean;
  conditions: Condition[];
}

export const most = { conditions: 5, need: 1000, years: 50, window: 366, values: 50 };
export const units = ["day", "week", "month"] as const satisfies readonly Unit[];

const usual = ["count", "distinct", "days", "streak"] as const;
const place = ["scope_type", "scope"] as const;
const inPlace = [...place, "visibility"] as const;

interface Kind {
  measures: readonly Measure[];
  fields: readonly Field[];
}

const kinds: Record<Fact, Kind> = {
  event_attended: { measures: usual, fields: [...inPlace, "event", "method"] },
  event_answered: { measures: usual, fields: [...inPlace, "event", "answer"] },
  post_written: { measures: ["count", "days", "streak"], fields: inPlace },
  ballot_cast: { measures: usual, fields: [...inPlace, "poll"] },
  member_joined: { measures: ["count"], fields: place },
  member_anniversary: { measures: ["years"], fields: place },
  achievement_held: { measures: ["count", "distinct"], fields: ["achievement"] },
  news_posted: { measures: ["count", "days", "streak"], fields: inPlace },
  account_linked: { measures: ["count", "distinct"], fields: ["provider"] },
};

/** The facts on offer. */
export const facts = Object.keys(kinds) as Fact[]; // the keys of the record

export const measuresOf = (fact: Fact): readonly Measure[] => kinds[fact].measures;

/** What a new filter of the condition can look at. */
export const fieldsLeft = ({ fact, where }: Condition): Field[] => kinds[fact].fields.filter((f) => !where.some((w) => w.field === f));

/** Services whose accounts can be linked everywhere, with their names. An installation may have more. */
export const services: Readonly<Record<string, string>> = { steam: "Steam", discord: "Discord", github: "GitHub" };

/** The values of a field that has only a few; undefined for the others. */
export function valuesOf(fact: Fact, field: Field): readonly string[] | undefined {
  switch (field) {
    case "scope_type":
      return fact === "ballot_cast" ? ["TENANT", "COMMUNITY", "TEAM", "EVENT", "POST"] : ["TENANT", "COMMUNITY", "TEAM"];
    case "visibility":
      return ["public", "community", "team", "private"];
    case "answer":
      return ["going", "interested", "not_going"];
    case "method":
      return ["organiser", "scan", "self"];
    case "provider":
      return Object.keys(services);
    default:
      return undefined;
  }
}

export const isThing = (field: Field): field is Thing => ["scope", "poll", "event", "achievement"].includes(field);

/** Streaks and years are looked for over all time. */
export const hasWindow = (measure: Measure): boolean => measure !== "streak" && measure !== "years";

export const mostNeeded = ({ measure, window_days }: Pick<Condition, "measure" | "window_days">): number => {
  if (measure === "years") return most.years;
  return measure === "days" && window_days !== null ? Math.min(most.need, window_days) : most.need;
};

export const newCondition = (key: number): Condition => ({
  key,
  fact: "event_attended",
  measure: "count",
  unit: "week",
  need: 1,
  window_days: null,
  from: "",
  until: "",
  where: [],
});

export const newDraft = (zone: string): Draft => ({ time_zone: zone, takes_back: true, conditions: [newCondition(1)] });

export function draftOf(rule: Rule): Draft {
  return {
    time_zone: rule.time_zone ?? "UTC",
    takes_back: rule.takes_back ?? false,
    conditions: rule.conditions.map((c, i) => ({
      key: i + 1,
      fact: c.fact,
      measure: c.measure,
      unit: c.unit ?? "week",
      need: c.need,
      window_days: c.window_days ?? null,
      from: c.from ?? "",
      until: c.until ?? "",
      where: (c.where ?? []).map((w) => ({ field: w.field as Field, any_of: [...w.any_of] })), // the service has no others
    })),
  };
}

/** A change of a condition, without what no longer goes with it. */
export function changed(before: Condition, part: Partial<Condition>): Condition {
  const c = { ...before, ...part };
  const kind = kinds[c.fact];
  const measure = kind.measures.includes(c.measure) ? c.measure : (kind.measures[0] ?? "count");
  const window_days = hasWindow(measure) ? c.window_days : null;
  const where = c.where
    .filter((w) => kind.fields.includes(w.field))
    .map((w) => ({
      ...w,
      any_of: w.any_of.filter((value) => w.field === "provider" || (valuesOf(c.fact, w.field)?.includes(value) ?? true)),
    }));
  return { ...c, measure, window_days, where, need: Math.min(c.need, mostNeeded({ measure, window_days })) };
}

export const ruleOf = (draft: Draft): Rule => ({
  time_zone: draft.time_zone,
  takes_back: draft.takes_back,
  conditions: draft.conditions.map((c) => ({
    fact: c.fact,
    measure: c.measure,
    need: c.need,
    ...(c.measure === "streak" && { unit: c.unit }),
    ...(c.window_days !== null && { window_days: c.window_days }),
    ...(c.from !== "" && { from: c.from }),
    ...(c.until !== "" && { until: c.until }),
    ...(c.where.length > 0 && { where: c.where }),
  })),
});

/** Whether each filter has a value. */
export const isComplete = (draft: Draft): boolean => draft.conditions.every((c) => c.where.every((w) => w.any_of.length > 0));
