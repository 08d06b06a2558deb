import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { Helm } from "@updspace/ui/Helm";
import { PageHead } from "@updspace/ui/PageHead";
import { useAccount } from "../../../session.ts";
import { AccountDevices, AccountLogins } from "./AccountActivity.tsx";
import { AccountMemberships } from "./AccountMemberships.tsx";
import { AccountTags } from "./AccountTags.tsx";
import { ChangeDialog, type Change } from "./ChangeDialog.tsx";
import { nameOf } from "./name.ts";
import { accountQuery, type AccountDetails } from "./queries.ts";

/** One account, with what a system administrator may do about it. */
export function AccountPage({ id }: { id: string }) {
  const intl = useIntl();
  const me = useAccount();
  const { data: details } = useSuspenseQuery(accountQuery(id));
  const [change, setChange] = useState<Change>();
  const { account } = details;
  const own = me.id === account.id;
  return (
    <>
      <PageHead
        title={nameOf(account)}
        sub={
          <span className="line dots">
            <span dir="ltr">{account.email}</span>
            {!account.email_verified && (
              <span>
                <FormattedMessage id="admin.email.unverified" />
              </span>
            )}
            {account.username && <span dir="ltr">@{account.username}</span>}
          </span>
        }
        lead={<Helm id={account.id} size="l" />}
        back={{ href: "/admin/accounts", name: intl.formatMessage({ id: "admin.accounts" }) }}
      />
      <AccountTags account={account} />
      <Status details={details} own={own} onChange={setChange} />
      <Security details={details} own={own} onChange={setChange} />
      <AccountMemberships details={details} onChange={setChange} />
      <AccountDevices details={details} own={own} onChange={setChange} />
      <AccountLogins details={details} />
      {change && <ChangeDialog details={details} change={change} onClose={() => setChange(undefined)} />}
    </>
  );
}

interface PartProps {
  details: AccountDetails;
  own: boolean;
  onChange: (change: Change) => void;
}

function Status({ details, own, onChange }: PartProps) {
  const { account } = details;
  const restricted = account.status === "suspended" || account.status === "banned";
  return (
    <section className="card pad vstack" aria-labelledby="account-status">
      <h2 id="account-status">
        <FormattedMessage id={`admin.status.${account.status}`} />
      </h2>
      {details.status_reason && <p>{details.status_reason}</p>}
      <p className="small muted line dots">
        {details.status_until !== null && (
          <span>
            <FormattedMessage id="admin.until" values={{ time: <Time at={details.status_until} exact /> }} />
          </span>
        )}
        <span>
          <FormattedMessage id="admin.created" values={{ time: <Time at={account.created_at} exact /> }} />
        </span>
        <code>{account.id}</code>
      </p>
      {own ? (
        <p className="small muted">
          <FormattedMessage id="admin.own" />
        </p>
      ) : (
        <div className="btns">
          {restricted && (
            <Button variant="primary" onPress={() => onChange({ kind: "reinstate" })}>
              <FormattedMessage id="admin.reinstate" />
            </Button>
          )}
          {account.status !== "suspended" && (
            <Button onPress={() => onChange({ kind: "suspend" })}>
              <FormattedMessage id="admin.suspend" />
            </Button>
          )}
          {account.status !== "banned" && (
            <Button variant="danger" onPress={() => onChange({ kind: "ban" })}>
              <FormattedMessage id="admin.ban" />
            </Button>
          )}
          <Button onPress={() => onChange({ kind: account.system_admin ? "revokeAdmin" : "grantAdmin" })}>
            <FormattedMessage id={account.system_admin ? "admin.revokeAdmin" : "admin.grantAdmin"} />
          </Button>
        </div>
      )}
    </section>
  );
}

function Security({ details, own, onChange }: PartProps) {
  const ways = [
    details.has_password && <FormattedMessage key="password" id="admin.way.password" />,
    details.has_totp && <FormattedMessage key="totp" id="admin.way.totp" />,
    details.passkeys > 0 && <FormattedMessage key="passkeys" id="admin.way.passkeys" values={{ count: details.passkeys }} />,
    details.recovery_codes > 0 && <FormattedMessage key="codes" id="admin.way.codes" values={{ count: details.recovery_codes }} />,
    ...details.identities.map((i) => (
      <bdi key={i.provider}>
        {i.name}: {i.account}
      </bdi>
    )),
  ].filter((way) => way !== false);
  return (
    <section className="card pad vstack" aria-labelledby="account-ways">
      <h2 id="account-ways">
        <FormattedMessage id="admin.ways" />
      </h2>
      {ways.length > 0 ? (
        <ul className="line dots">
          {ways.map((way) => (
            <li key={way.key}>{way}</li>
          ))}
        </ul>
      ) : (
        <p className="muted">
          <FormattedMessage id="admin.ways.link" />
        </p>
      )}
      {!own && (
        <div className="btns">
          {details.account.status !== "suspended" && details.account.status !== "banned" && (
            <Button onPress={() => onChange({ kind: "passwordLink" })}>
              <FormattedMessage id="admin.passwordLink" />
            </Button>
          )}
          {(details.account.second_factor || details.recovery_codes > 0) && (
            <Button variant="danger" onPress={() => onChange({ kind: "resetFactors" })}>
              <FormattedMessage id="admin.resetFactors" />
            </Button>
          )}
        </div>
      )}
    </section>
  );
}
