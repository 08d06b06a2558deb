// What only pages need, apart from the queries: routes load those with every page.
import { achievementsKey, categoriesKey, type Kind, type Rarity, type Tier } from "./queries.ts";

export const tiers = ["none", "bronze", "silver", "gold", "platinum"] as const satisfies readonly Tier[];
export const rarities = ["common", "uncommon", "rare", "epic", "legendary"] as const satisfies readonly Rarity[];
export const kinds = ["once", "repeatable", "limited"] as const satisfies readonly Kind[];

/** The beginnings of the keys that a change of an achievement makes stale; one of a category changes what achievements say. */
export const achievementKeys = [[achievementsKey]] as const;
export const categoryKeys = [[categoriesKey], [achievementsKey]] as const;

/** What a change says about the version that it was made from. */
export const unchanged = ({ version }: { version: number }) => ({ "If-Match": `"${version}"` });
