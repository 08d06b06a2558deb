import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { identity } from "../../api.ts";
import styles from "./Factors.module.css";
import { factorKeys, type Status } from "./queries.ts";
import { RecoveryCodes } from "./RecoveryCodes.tsx";
import { useStepUp } from "./StepUp.tsx";

interface CodesSectionProps {
  status: Status;
  /** Codes that were just made. */
  codes: readonly string[] | undefined;
  onCodes: (codes: readonly string[]) => void;
}

/** Recovery codes, for who has lost the second factor. */
export function CodesSection({ status, codes, onCodes }: CodesSectionProps) {
  const intl = useIntl();
  const { confirmed, dialog } = useStepUp();
  const make = useAction({
    run: (_: void, headers) => confirmed(() => ok(identity.POST("/api/v1/auth/mfa/recovery/regenerate", { headers }))),
    stale: factorKeys,
    onDone: ({ recovery_codes }) => onCodes(recovery_codes),
  });
  return (
    <section className="card" aria-labelledby="codes">
      <div className="card-head">
        <h2 id="codes">
          <FormattedMessage id="codes.title" />
        </h2>
        <Button size="s" pending={make.pending} onPress={() => make.start()}>
          {intl.formatMessage({ id: status.has_recovery_codes ? "codes.renew" : "codes.make" })}
        </Button>
      </div>
      <div className={`vstack ${styles.body}`}>
        <ActionError error={make.error} />
        {codes ? (
          <RecoveryCodes codes={codes} />
        ) : (
          <p className="muted">
            {status.has_recovery_codes ? (
              <FormattedMessage id="codes.left" values={{ count: status.recovery_codes_left }} />
            ) : (
              <FormattedMessage id="codes.none" />
            )}
          </p>
        )}
      </div>
      {dialog}
    </section>
  );
}
