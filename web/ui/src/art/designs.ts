// What is drawn for an id: a handful of choices taken from its hash. It needs no upload, no request and no storage.
import { crests, heads, visors } from "./helmParts.tsx";
import { charges, fields, patches } from "./parts.tsx";
import type { ClothName } from "./cloths.tsx";
import { hash } from "./hash.ts";

export type Field = keyof typeof fields;
export type Charge = keyof typeof charges;
export type Scheme = "dark" | "bright";

export interface Colours {
  /** Degrees of OKLCH hue. */
  hue: number;
  /** OKLCH chroma, at most 0.17. */
  chroma: number;
}

export interface HelmDesign extends Colours {
  scheme: Scheme;
  field: Field;
  head: keyof typeof heads;
  visor: keyof typeof visors;
  crest: keyof typeof crests;
}

export interface FlagDesign extends Colours {
  scheme: Scheme;
  field: Field;
  charge: Charge;
}

export interface PatchDesign extends Colours {
  shape: keyof typeof patches;
  charge: Charge;
}

const keys = <T extends object>(o: T) => Object.keys(o) as (keyof T)[]; // Object.keys is typed as string[]

function pick<T extends object>(from: T, h: number): keyof T {
  const names = keys(from);
  const name = names[h % names.length];
  if (name === undefined) throw new Error("nothing to pick from");
  return name;
}

const hueOf = (h: number) => (h % 24) * 15;

/** The helm of a person. */
export function helmOf(id: string): HelmDesign {
  const h = hash(id);
  return {
    hue: hueOf(h),
    chroma: 0.14,
    scheme: (h >>> 5) & 1 ? "bright" : "dark",
    field: pick(fields, h >>> 7),
    head: pick(heads, h >>> 11),
    visor: pick(visors, h >>> 15),
    crest: pick(crests, h >>> 19),
  };
}

/** The flag of a tenant, community or team. `hue` is its own colour, when it has chosen one. */
export function flagOf(id: string, own?: Partial<Colours>): FlagDesign {
  const h = hash(id);
  return {
    hue: own?.hue ?? hueOf(h),
    chroma: own?.chroma ?? 0.15,
    scheme: (h >>> 5) & 1 ? "bright" : "dark",
    field: pick(fields, h >>> 7),
    charge: pick(charges, h >>> 13),
  };
}

const cloths: ClothName[] = ["tide", "pines", "chevrons", "lattice", "bends", "steps", "drops"];

/** The cloth on the cover of a tenant, community or team. */
export function clothOf(id: string): ClothName {
  return cloths[(hash(id) >>> 9) % cloths.length] ?? "tide";
}

/** The patch of an achievement. */
export function patchOf(id: string): PatchDesign {
  const h = hash(id);
  return { hue: hueOf(h), chroma: 0.15, shape: pick(patches, h >>> 7), charge: pick(charges, h >>> 13) };
}
