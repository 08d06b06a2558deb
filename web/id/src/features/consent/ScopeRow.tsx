import { Check, Lock } from "lucide-react";
import { FormattedMessage, useIntl } from "react-intl";
import { Checkbox } from "@updspace/ui/Checkbox";
import type { AuthorizationPrompt } from "../../boot.ts";
import styles from "./ScopeRow.module.css";
import { scopeIcons, scopeWords, unknownScope } from "./scopes.tsx";

interface ScopeRowProps {
  scope: AuthorizationPrompt["scopes"][number];
  allowed: boolean;
  onChange: (allowed: boolean) => void;
}

export function ScopeRow({ scope, allowed, onChange }: ScopeRowProps) {
  const intl = useIntl();
  const { what, why } = scopeWords(intl, scope);
  const words = (
    <>
      <span className="strong block">{what}</span>
      {why && <span className="small muted block">{why}</span>}
      {scope.required && (
        <span className="state quiet">
          <Lock className="i s" aria-hidden="true" />
          <FormattedMessage id="consent.required" />
        </span>
      )}
      {scope.granted && !scope.required && (
        <span className="state ok">
          <Check className="i s" aria-hidden="true" />
          <FormattedMessage id="consent.granted" />
        </span>
      )}
    </>
  );
  return (
    <li className={styles.scope}>
      <span className={styles.icon}>{scopeIcons[scope.name] ?? unknownScope}</span>
      {scope.required ? <div className={styles.fixed}>{words}</div> : <Checkbox label={words} checked={allowed} onChange={onChange} />}
    </li>
  );
}
