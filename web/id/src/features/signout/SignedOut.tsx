import { FormattedMessage } from "react-intl";
import { LinkButton } from "@updspace/ui/LinkButton";
import { Gate } from "../../shell/Gate.tsx";

export function SignedOut() {
  return (
    <Gate title={<FormattedMessage id="signedout.title" />} lead={<FormattedMessage id="signedout.lead" />}>
      <LinkButton href="/login" variant="primary" size="big" wide external>
        <FormattedMessage id="signin.button" />
      </LinkButton>
    </Gate>
  );
}
