import { FormattedMessage } from "react-intl";
import { ActionError } from "@updspace/kit/errors.tsx";
import { PasskeyCancelled } from "../../passkeys.ts";

/** What went wrong with a passkey: the browser or the person may have ended it. */
export function FactorError({ error }: { error: Error | null }) {
  if (error instanceof PasskeyCancelled) {
    return (
      <p className="muted" role="status">
        <FormattedMessage id="passkeys.cancelled" />
      </p>
    );
  }
  return <ActionError error={error} />;
}
