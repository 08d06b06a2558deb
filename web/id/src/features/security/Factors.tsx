import { useSuspenseQuery } from "@tanstack/react-query";
import { CircleCheck, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { FormattedMessage } from "react-intl";
import { AppSection } from "./AppSection.tsx";
import { CodesSection } from "./CodesSection.tsx";
import styles from "./Factors.module.css";
import { PasskeySection } from "./PasskeySection.tsx";
import { statusQuery } from "./queries.ts";

/** Passkeys, the authenticator app and recovery codes. */
export function Factors() {
  const { data: status } = useSuspenseQuery(statusQuery);
  const [codes, setCodes] = useState<readonly string[]>();
  return (
    <>
      <PasskeySection />
      <AppSection status={status} onCodes={setCodes} />
      {(status.has_totp || status.has_webauthn) && <CodesSection status={status} codes={codes} onCodes={setCodes} />}
    </>
  );
}

/** What the account has of three, and the next step. */
export function Score() {
  const { data: status } = useSuspenseQuery(statusQuery);
  const has = [status.has_webauthn, status.second_step, status.has_recovery_codes].filter(Boolean).length;
  const next = !status.has_webauthn ? "score.passkey" : !status.has_recovery_codes ? "score.codes" : "score.done";
  const Icon = has === 3 ? CircleCheck : TriangleAlert;
  return (
    <div className={`card ${styles.body} state ${has === 3 ? "ok" : "warn"}`} role="note">
      <Icon className="i s" aria-hidden="true" />
      <span>
        <FormattedMessage id="score.of" values={{ has }} /> <FormattedMessage id={next} />
      </span>
    </div>
  );
}
