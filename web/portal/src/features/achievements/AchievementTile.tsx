import { Check } from "lucide-react";
import { pictureOf } from "@updspace/kit/achievementPicture.ts";
import { colourStyle } from "@updspace/ui/art/colours";
import { patchOf } from "@updspace/ui/art/designs";
import { Patch, Unsewn } from "@updspace/ui/Patch";
import { TextLink } from "@updspace/ui/TextLink";
import type { ReactNode } from "react";
import { FormattedMessage } from "react-intl";
import css from "./achievements.module.css";
import { ProgressBar } from "./Progress.tsx";
import type { Achievement } from "./queries.ts";
import type { Progress } from "./ruleQueries.ts";
import { AchievementState, HeldBy, RarityTag, useAlt, useDescription, useTexts } from "./words.tsx";

/** What a tile shows: of an achievement, or of one that is being written. */
export type Tile = Pick<
  Achievement,
  "name_i18n" | "description" | "description_i18n" | "images" | "image_alt" | "image_alt_i18n" | "tier" | "rarity" | "status" | "secret"
> & {
  /** Of a new one none: its patch is drawn from it. */
  id: string | undefined;
  /** The share of the members who have it; nothing while it is being written. */
  held_by?: number;
};

interface AchievementTileProps {
  achievement: Tile;
  held: boolean;
  /** How far I am; undefined when no rule grants it. */
  progress: Progress | undefined;
}

/** An achievement in the catalogue: its patch on cloth of its own colour, its name, what it is for, and how far I am. */
export function AchievementTile({ achievement, held, progress }: AchievementTileProps) {
  const name = useTexts()(achievement.name_i18n);
  return (
    <li className={`card ${css["tile"]}`}>
      <TileFace achievement={achievement} held={held} progress={progress}>
        <h3>
          <TextLink href={`/achievements/${achievement.id}`} className={css["name"] ?? ""}>
            <bdi>{name}</bdi>
          </TextLink>
        </h3>
      </TileFace>
    </li>
  );
}

type TileFaceProps = Partial<AchievementTileProps> & Pick<AchievementTileProps, "achievement"> & { children: ReactNode };

/** The inside of a tile. `children` is its name. */
export function TileFace({ achievement: a, held = false, progress, children }: TileFaceProps) {
  const description = useDescription()(a);
  const src = pictureOf(a.images, "medium");
  const alt = useAlt()(a);
  return (
    <>
      <span className={`sewing colours ${css["cloth"]}`} style={colourStyle(patchOf(a.id ?? ""))}>
        {a.id === undefined && src === undefined ? (
          <Unsewn size="l" />
        ) : (
          <Patch id={a.id ?? "new"} tier={a.tier} size="l" src={src} label={alt} />
        )}
      </span>
      <span className={css["words"]}>
        {children}
        <span className="line">
          <RarityTag rarity={a.rarity} />
          {a.tier !== "none" && (
            <span className="label muted">
              <FormattedMessage id={`achievements.tier.${a.tier}`} />
            </span>
          )}
          <AchievementState achievement={a} />
          {a.status === "published" && a.held_by !== undefined && <HeldBy share={a.held_by} />}
          {held && (
            <span className="state ok">
              <Check className="i s" aria-hidden="true" />
              <FormattedMessage id="achievements.held" />
            </span>
          )}
        </span>
        {description !== "" && (
          <span className={`small muted two-lines ${css["what"]}`} dir="auto">
            {description}
          </span>
        )}
        {progress && !held && <ProgressBar have={progress.have} need={progress.need} />}
      </span>
    </>
  );
}
