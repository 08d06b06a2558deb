import { Check, Copy, Printer } from "lucide-react";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Button } from "@updspace/ui/Button";
import styles from "./Factors.module.css";

/** New recovery codes, which are shown this once. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const intl = useIntl();
  const [copied, setCopied] = useState(false);
  return (
    <div className="vstack s">
      <p role="status">
        <FormattedMessage id="codes.keep" />
      </p>
      <ul className={styles.codes} aria-label={intl.formatMessage({ id: "codes.title" })}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="btns">
        <Button onPress={() => void navigator.clipboard.writeText(codes.join("\n")).then(() => setCopied(true))}>
          {copied ? <Check className="i s" aria-hidden="true" /> : <Copy className="i s" aria-hidden="true" />}
          <span aria-live="polite">
            <FormattedMessage id={copied ? "codes.copied" : "codes.copy"} />
          </span>
        </Button>
        <Button onPress={() => window.print()}>
          <Printer className="i s" aria-hidden="true" />
          <FormattedMessage id="codes.print" />
        </Button>
      </div>
    </div>
  );
}
