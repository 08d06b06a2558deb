import { TextLink } from "@updspace/ui/TextLink";
import { FormattedMessage } from "react-intl";

/** Why a role is held: it is the reward of an achievement, and leads there. */
export function ForAchievement({ id }: { id: string }) {
  return (
    <TextLink href={`/achievements/${id}`} className="inline">
      <FormattedMessage id="manage.holders.achievement" />
    </TextLink>
  );
}
