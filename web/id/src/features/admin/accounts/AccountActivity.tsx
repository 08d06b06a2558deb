import { FormattedMessage, useIntl } from "react-intl";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import type { Change } from "./ChangeDialog.tsx";
import type { AccountDetails } from "./queries.ts";

const device = (d: { browser: string; os: string }) => [d.browser, d.os].filter(Boolean).join(", ");

interface DevicesProps {
  details: AccountDetails;
  own: boolean;
  onChange: (change: Change) => void;
}

/** Where the account is signed in. */
export function AccountDevices({ details, own, onChange }: DevicesProps) {
  return (
    <section className="card" aria-labelledby="account-sessions">
      <div className="card-head">
        <h2 id="account-sessions">
          <FormattedMessage id="admin.sessions" />
        </h2>
        {!own && details.sessions.length > 0 && (
          <Button size="s" variant="danger" onPress={() => onChange({ kind: "endSessions" })}>
            <FormattedMessage id="admin.endSessions" />
          </Button>
        )}
      </div>
      {details.sessions.length > 0 ? (
        <ul className="rows">
          {details.sessions.map((s) => (
            <li key={s.id} className="row">
              <div className="grow">
                <h3>{device(s) || <FormattedMessage id="admin.device.unknown" />}</h3>
                <p className="small muted line dots">
                  <span>
                    <FormattedMessage id="sessions.used" values={{ time: <Time at={s.last_used_at} /> }} />
                  </span>
                  {s.ip && <span dir="ltr">{s.ip}</span>}
                </p>
              </div>
            </li>
          ))}
        </ul>
      ) : (
        <p className="pad muted">
          <FormattedMessage id="admin.sessions.none" />
        </p>
      )}
    </section>
  );
}

/** The last sign-ins, and attempts that failed. */
export function AccountLogins({ details }: { details: AccountDetails }) {
  const intl = useIntl();
  return (
    <section className="card" aria-labelledby="account-logins">
      <div className="card-head">
        <h2 id="account-logins">
          <FormattedMessage id="admin.logins" />
        </h2>
      </div>
      {details.logins.length > 0 ? (
        <ul className="rows">
          {details.logins.map((l) => (
            <li key={l.id} className="row">
              <div className="grow">
                <h3>
                  {l.status === "success"
                    ? intl.formatMessage({ id: "admin.login.success" })
                    : intl.formatMessage({ id: "admin.login.failure" })}
                </h3>
                <p className="small muted line dots">
                  <span>
                    <Time at={l.created_at} exact />
                  </span>
                  {device(l) && <span>{device(l)}</span>}
                  {l.ip_address && <span dir="ltr">{l.ip_address}</span>}
                  {l.reason && <code>{l.reason}</code>}
                </p>
              </div>
            </li>
          ))}
        </ul>
      ) : (
        <p className="pad muted">
          <FormattedMessage id="admin.logins.none" />
        </p>
      )}
    </section>
  );
}
