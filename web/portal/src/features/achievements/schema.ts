import { uploadedPicture } from "@updspace/kit/achievementPicture.ts";
import { rules } from "@updspace/kit/rules.ts";
import { useIntl } from "react-intl";
import * as v from "valibot";
import { kinds, rarities, tiers } from "./parts.ts";

/** The longest texts, in characters. */
export const longest = { name: 128, description: 2000, address: 2048, alt: 300 };
/** The largest numbers. */
export const most = { grants: 1_000_000, daily: 10_000, days: 36_500, prerequisites: 10, points: 10_000 };

/** What the editor accepts. */
export function useSchema() {
  const intl = useIntl();
  const { text, integer } = rules(intl);
  const address = v.pipe(
    text({ max: longest.address }),
    v.check(
      (s) => s === "" || uploadedPicture(s) !== undefined || /^https:\/\/[^\s/@]+(\/\S*)?$/i.test(s),
      intl.formatMessage({ id: "achievements.picture.wrong" }),
    ),
  );
  const limit = (max: number) => v.nullable(integer({ min: 1, max }));
  return v.object({
    name_i18n: v.record(v.string(), text({ max: longest.name })),
    description: text({ max: longest.description }),
    description_i18n: v.record(v.string(), text({ max: longest.description })),
    category: text({ required: true, max: 64 }),
    images: v.object({ small: address, medium: address, large: address }),
    image_alt: text({ max: longest.alt }),
    image_alt_i18n: v.record(v.string(), text({ max: longest.alt })),
    tier: v.picklist(tiers),
    rarity: v.picklist(rarities),
    secret: v.boolean(),
    kind: v.picklist(kinds),
    max_grants: limit(most.grants),
    issuer_daily_limit: limit(most.daily),
    expires_after_days: limit(most.days),
    prerequisites: v.array(v.string()),
    points: integer({ min: 0, max: most.points }),
  });
}
