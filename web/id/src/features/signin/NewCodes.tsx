import { FormattedMessage } from "react-intl";
import { Button } from "@updspace/ui/Button";
import { RecoveryCodes } from "../security/RecoveryCodes.tsx";

/** A recovery code has signed in: here are those that replace it. */
export function NewCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  return (
    <div className="vstack">
      <RecoveryCodes codes={codes} />
      <Button variant="primary" size="big" wide onPress={onDone}>
        <FormattedMessage id="check.go" />
      </Button>
    </div>
  );
}
