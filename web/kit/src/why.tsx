// Why one may not do something, and who can change that. It asks only when the person does.
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { access as api } from "@updspace/api";
import { Dialog } from "@updspace/ui/Dialog";
import { Skeleton } from "@updspace/ui/Skeleton";
import { useState } from "react";
import { FormattedList, FormattedMessage, useIntl } from "react-intl";
import { access, ok } from "./api.ts";
import { ErrorPage } from "./errors.tsx";
import { GroupTag } from "./groups.tsx";
import { Person } from "./people.tsx";
import { scopeQuery, type Scope } from "./permissions.ts";
import { permissionName, roleName } from "./permissionWords.ts";
import { Until } from "./time.tsx";

type Decision = api.components["schemas"]["OwnDecision"];

const decisionQuery = (permission: string, scope: Scope | undefined) =>
  queryOptions({
    queryKey: ["/api/v1/access/me/decision", permission, scope],
    queryFn: ({ signal }) =>
      ok(access.GET("/api/v1/access/me/decision", { params: { query: { permission, ...scopeQuery(scope) } }, signal })),
    staleTime: 0,
  });

interface WhyProps {
  permission: string;
  /** The whole tenant by default. */
  scope?: Scope;
}

/** "Why?" beside a control that is locked, or on a page that one may not see. */
export function Why({ permission, scope }: WhyProps) {
  const intl = useIntl();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="why"
        aria-label={intl.formatMessage({ id: "why.label" }, { what: permissionName(intl, permission) })}
        onClick={() => setOpen(true)}
      >
        <FormattedMessage id="why" />
      </button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={permissionName(intl, permission)}
        closeLabel={intl.formatMessage({ id: "action.close" })}
      >
        <Answer permission={permission} scope={scope} />
      </Dialog>
    </>
  );
}

function Answer({ permission, scope }: { permission: string; scope: Scope | undefined }) {
  const intl = useIntl();
  const { data, error } = useQuery(decisionQuery(permission, scope));
  if (error) return <ErrorPage error={error} />;
  if (!data) return <Skeleton label={intl.formatMessage({ id: "loading" })} rows={1} />;
  return (
    <div className="vstack">
      <p>
        <FormattedMessage id={`why.${data.reason_code}`} />
        {data.override?.expires_at && (
          <>
            {" "}
            <FormattedMessage id="why.override.until" values={{ until: <Until at={data.override.expires_at} /> }} />
          </>
        )}
      </p>
      <Roles decision={data} />
      {data.allowed || <Helpers decision={data} />}
    </div>
  );
}

/** The roles that were looked at, and those that would do. */
function Roles({ decision }: { decision: Decision }) {
  const intl = useIntl();
  if (decision.decided_by !== "role" && decision.decided_by !== "visibility") return null;
  return (
    <>
      {decision.roles.length > 0 && (
        <section className="vstack s">
          <h3>{intl.formatMessage({ id: "why.roles" })}</h3>
          <ul className="vstack xs">
            {decision.roles.map(({ role, bound_in, grants }) => (
              <li key={`${role.id} ${bound_in?.type} ${bound_in?.id}`} className="line small">
                <span className="tag plain">{roleName(intl, role.name)}</span>
                {bound_in && ["COMMUNITY", "TEAM"].includes(bound_in.type) && <GroupTag id={bound_in.id} />}
                <span className="muted">
                  <FormattedMessage id={grants ? "why.role.grants" : "why.role.not"} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {!decision.allowed && decision.granted_by.length > 0 && (
        <p className="small">
          <FormattedMessage
            id="why.grantedBy"
            values={{ roles: <FormattedList type="disjunction" value={decision.granted_by.map((r) => roleName(intl, r.name))} /> }}
          />
        </p>
      )}
    </>
  );
}

function Helpers({ decision: { administered_by } }: { decision: Decision }) {
  return (
    <section className="vstack s">
      <h3>
        <FormattedMessage id="why.helpers" />
      </h3>
      {administered_by.user_ids.length === 0 ? (
        <p className="small muted">
          <FormattedMessage id="why.helpers.none" />
        </p>
      ) : (
        administered_by.user_ids.map((id) => <Person key={id} id={id} size="m" />)
      )}
    </section>
  );
}
