// What the editor of an achievement holds, and how it becomes a request. Others may change the achievement at the same time.
import { written } from "@updspace/kit/texts.ts";
import type { Achievement, AchievementCreate, AchievementUpdate, Kind, Rarity, Tier } from "./queries.ts";

/** As fields hold it: no text is "", no limit is null. The names are those of the API, for its errors. */
export interface Values {
  name_i18n: Record<string, string>;
  description: string;
  description_i18n: Record<string, string>;
  category: string;
  images: { small: string; medium: string; large: string };
  image_alt: string;
  image_alt_i18n: Record<string, string>;
  tier: Tier;
  rarity: Rarity;
  secret: boolean;
  kind: Kind;
  max_grants: number | null;
  issuer_daily_limit: number | null;
  expires_after_days: number | null;
  prerequisites: string[];
  points: number;
}

/** The languages of the frontends: every text can be written in each. */
export const languages = ["en", "ru"] as const;

const inEach = (texts: Readonly<Record<string, string>>) => ({ ...Object.fromEntries(languages.map((l) => [l, ""])), ...texts });

export const emptyValues = (category: string): Values => ({
  name_i18n: inEach({}),
  description: "",
  description_i18n: inEach({}),
  category,
  images: { small: "", medium: "", large: "" },
  image_alt: "",
  image_alt_i18n: inEach({}),
  tier: "none",
  rarity: "common",
  secret: false,
  kind: "once",
  max_grants: null,
  issuer_daily_limit: null,
  expires_after_days: null,
  prerequisites: [],
  points: 0,
});

export const valuesOf = (a: Achievement): Values => ({
  name_i18n: inEach(a.name_i18n),
  description: a.description ?? "",
  description_i18n: inEach(a.description_i18n),
  category: a.category,
  images: { small: a.images?.small ?? "", medium: a.images?.medium ?? "", large: a.images?.large ?? "" },
  image_alt: a.image_alt,
  image_alt_i18n: inEach(a.image_alt_i18n),
  tier: a.tier,
  rarity: a.rarity,
  secret: a.secret,
  kind: a.kind,
  max_grants: a.max_grants,
  issuer_daily_limit: a.issuer_daily_limit,
  expires_after_days: a.expires_after_days,
  prerequisites: [...a.prerequisites],
  points: a.points,
});

export const hasPicture = ({ images }: Pick<Values, "images">): boolean => Object.values(images).some((address) => address.trim() !== "");

/** How many of a limited one there are; none of the others has a number. */
const mostOf = (v: Values) => (v.kind === "limited" ? (v.max_grants ?? 1) : null);

const pictures = ({ images: { small, medium, large } }: Values) => ({
  small: small.trim() || null,
  medium: medium.trim() || null,
  large: large.trim() || null,
});

export type Place = Pick<AchievementCreate, "scope_type" | "scope_id">;

export const created = (v: Values, place: Place, publish: boolean): AchievementCreate => ({
  ...v,
  ...place,
  name_i18n: written(v.name_i18n),
  description_i18n: written(v.description_i18n),
  images: pictures(v),
  image_alt_i18n: written(v.image_alt_i18n),
  max_grants: mostOf(v),
  status: publish ? "published" : "draft",
});

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** Only what is different: a field that is not sent stays as it is. */
export function changed(before: Values, after: Values): AchievementUpdate {
  const body = (v: Values): AchievementUpdate => ({
    ...v,
    name_i18n: written(v.name_i18n),
    description_i18n: written(v.description_i18n),
    images: pictures(v),
    image_alt_i18n: written(v.image_alt_i18n),
    max_grants: mostOf(v),
  });
  const was: Record<string, unknown> = { ...body(before) };
  return Object.fromEntries(Object.entries(body(after)).filter(([field, value]) => !same(value, was[field])));
}

/** A field of the editor, such as "tier" or "name_i18n.en". */
export type Field = string;

export interface Merged {
  values: Values;
  /** What both have changed, to different values: one's own stands. */
  both: Field[];
}

const parted = ["name_i18n", "description_i18n", "images", "image_alt_i18n"] as const;

/** One's own changes over those of others, which were made from the same version. Languages and sizes of pictures are fields of their own. */
export function merged(base: Values, mine: Values, theirs: Values): Merged {
  const [was, own, other] = [flat(base), flat(mine), flat(theirs)];
  const both: Field[] = [];
  const result: Record<string, unknown> = {};
  for (const field of new Set([...Object.keys(own), ...Object.keys(other)])) {
    const mineToo = !same(own[field], was[field]);
    const theirsToo = !same(other[field], was[field]);
    if (mineToo && theirsToo && !same(own[field], other[field])) both.push(field);
    result[field] = mineToo ? own[field] : other[field];
  }
  return { values: whole(result, mine), both };
}

function flat(v: Values): Record<string, unknown> {
  const rest: Record<string, unknown> = { ...v };
  for (const name of parted) {
    delete rest[name];
    for (const [part, text] of Object.entries(v[name])) rest[`${name}.${part}`] = text;
  }
  return rest;
}

function whole(fields: Record<string, unknown>, like: Values): Values {
  const values: Record<string, unknown> = { ...like };
  for (const [field, value] of Object.entries(fields)) {
    const [name = field, part] = field.split(".");
    values[name] = part === undefined ? value : { ...(values[name] as object), [part]: value };
  }
  return values as unknown as Values; // the same fields as those that were taken apart
}
