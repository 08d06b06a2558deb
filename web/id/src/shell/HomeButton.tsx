import { FormattedMessage } from "react-intl";
import { LinkButton } from "@updspace/ui/LinkButton";

export function HomeButton() {
  return (
    <LinkButton href="/" size="big" wide external>
      <FormattedMessage id="action.home" />
    </LinkButton>
  );
}
