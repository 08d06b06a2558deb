import { FormattedMessage, useIntl } from "react-intl";
import { Button } from "@updspace/ui/Button";
import { Flag } from "@updspace/ui/Flag";
import type { Change } from "./ChangeDialog.tsx";
import type { AccountDetails } from "./queries.ts";

/** The communities that the account belongs to. */
export function AccountMemberships({ details, onChange }: { details: AccountDetails; onChange: (change: Change) => void }) {
  const intl = useIntl();
  return (
    <section className="card" aria-labelledby="account-memberships">
      <div className="card-head">
        <h2 id="account-memberships">
          <FormattedMessage id="admin.memberships" />
        </h2>
        <Button size="s" onPress={() => onChange({ kind: "membership" })}>
          <FormattedMessage id="admin.membership.add" />
        </Button>
      </div>
      {details.memberships.length > 0 ? (
        <ul className="rows">
          {details.memberships.map((m) => (
            <li key={m.tenant_id} className="row">
              <Flag id={m.tenant_id} of="tenant" src={m.logo_url} colours={m} />
              <div className="grow vstack xs">
                <h3>
                  <bdi>{m.tenant_name}</bdi>
                </h3>
                <p className="small muted line dots">
                  <span>{m.tenant_slug}</span>
                  <span>{isRole(m.base_role) ? intl.formatMessage({ id: `admin.role.${m.base_role}` }) : m.base_role}</span>
                  {m.status === "disabled" && (
                    <span>
                      <FormattedMessage id="admin.membership.disabled" />
                    </span>
                  )}
                </p>
              </div>
              <Button size="s" onPress={() => onChange({ kind: "membership", membership: m })}>
                <FormattedMessage id="admin.membership.change" />
                <span className="vh">{m.tenant_name}</span>
              </Button>
            </li>
          ))}
        </ul>
      ) : (
        <p className="pad muted">
          <FormattedMessage id="admin.memberships.none" />
        </p>
      )}
    </section>
  );
}

const isRole = (role: string): role is "owner" | "admin" | "member" => ["owner", "admin", "member"].includes(role);
