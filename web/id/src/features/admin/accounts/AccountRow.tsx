import { FormattedMessage } from "react-intl";
import { Helm } from "@updspace/ui/Helm";
import { TextLink } from "@updspace/ui/TextLink";
import { AccountTags } from "./AccountTags.tsx";
import type { AccountSummary } from "./queries.ts";
import { nameOf } from "./name.ts";

export function AccountRow({ account }: { account: AccountSummary }) {
  return (
    <li className="row">
      <Helm id={account.id} />
      <div className="grow vstack xs">
        <h2 className="strong">
          <TextLink href={`/admin/accounts/${account.id}`}>
            <bdi>{nameOf(account)}</bdi>
          </TextLink>
        </h2>
        <p className="line dots small muted">
          <span dir="ltr">{account.email}</span>
          {!account.email_verified && (
            <span>
              <FormattedMessage id="admin.email.unverified" />
            </span>
          )}
        </p>
        <AccountTags account={account} />
      </div>
    </li>
  );
}
