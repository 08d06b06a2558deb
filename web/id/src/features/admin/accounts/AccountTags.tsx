import { Ban, ShieldCheck, Wrench } from "lucide-react";
import { FormattedMessage } from "react-intl";
import type { AccountSummary } from "./queries.ts";

/** What is unusual about an account. */
export function AccountTags({ account }: { account: Pick<AccountSummary, "status" | "system_admin" | "second_factor"> }) {
  if (account.status === "active" && !account.system_admin && !account.second_factor) return null;
  return (
    <p className="line">
      {account.status !== "active" && (
        <span className={`state ${account.status === "migrated_unclaimed" ? "quiet" : "danger"}`}>
          <Ban className="i s" aria-hidden="true" />
          <FormattedMessage id={`admin.status.${account.status}`} />
        </span>
      )}
      {account.system_admin && (
        <span className="tag plain">
          <Wrench className="i s" aria-hidden="true" />
          <FormattedMessage id="admin.systemAdmin" />
        </span>
      )}
      {account.second_factor && (
        <span className="tag plain">
          <ShieldCheck className="i s" aria-hidden="true" />
          <FormattedMessage id="admin.secondFactor" />
        </span>
      )}
    </p>
  );
}
