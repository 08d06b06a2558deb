import { Archive, CircleDashed, Lock, PenLine } from "lucide-react";
import { inLanguage, inWords, type Texts } from "@updspace/kit/texts.ts";
import { colourStyle } from "@updspace/ui/art/colours";
import { FormattedMessage, useIntl } from "react-intl";
import type { Achievement, Rarity } from "./queries.ts";

/** A text that was written in several languages, in the reader's. */
export function useTexts(): (texts: Texts) => string {
  const intl = useIntl();
  return (texts) => inWords(texts, intl.locale);
}

/** The description in the reader's language, else the one for all others. */
export function useDescription(): (a: Pick<Achievement, "description" | "description_i18n">) => string {
  const intl = useIntl();
  return ({ description, description_i18n: own }) => inLanguage(own, intl.locale) ?? description ?? inWords(own, intl.locale);
}

/** What the picture shows, in the reader's language, else the text for all others. */
export function useAlt(): (a: Pick<Achievement, "image_alt" | "image_alt_i18n">) => string {
  const intl = useIntl();
  return ({ image_alt, image_alt_i18n: own }) => inLanguage(own, intl.locale) ?? (image_alt || inWords(own, intl.locale));
}

/** What is common has the colours of the page. */
const hues: Record<Exclude<Rarity, "common">, number> = { uncommon: 150, rare: 245, epic: 305, legendary: 70 };

/** How rare an achievement is: a tag, whose word says it and whose colour repeats it. */
export function RarityTag({ rarity }: { rarity: Rarity }) {
  const words = <FormattedMessage id={`achievements.rarity.${rarity}`} />;
  if (rarity === "common") return <span className="tag plain">{words}</span>;
  return (
    <span className="tag colours" style={colourStyle({ hue: hues[rarity], chroma: 0.15 })}>
      {words}
    </span>
  );
}

export const stateIcons = { draft: PenLine, hidden: CircleDashed, archived: Archive };

function Unpublished({ status }: { status: keyof typeof stateIcons }) {
  const Icon = stateIcons[status];
  return (
    <span className={status === "draft" ? "state quiet" : "state warn"}>
      <Icon className="i s" aria-hidden="true" />
      <FormattedMessage id={`achievements.state.${status}`} />
    </span>
  );
}

/** What keeps members from seeing it: a draft, hidden, archived, secret. Word and icon. */
export function AchievementState({ achievement: { status, secret } }: { achievement: Pick<Achievement, "status" | "secret"> }) {
  return (
    <>
      {status !== "published" && <Unpublished status={status} />}
      {secret && (
        <span className="state quiet">
          <Lock className="i s" aria-hidden="true" />
          <FormattedMessage id="achievements.secret" />
        </span>
      )}
    </>
  );
}

/** A share of the members: small ones with a decimal. */
export function useShare(): (share: number) => string {
  const intl = useIntl();
  return (share) => intl.formatNumber(share, { style: "percent", maximumFractionDigits: share > 0 && share < 0.1 ? 1 : 0 });
}

/** How many of the members have an achievement. */
export function HeldBy({ share }: { share: number }) {
  const words = useShare();
  return (
    <span className="label muted">
      <FormattedMessage id="achievements.heldBy" values={{ share: words(share) }} />
    </span>
  );
}
