import { useSuspenseQuery } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { useNow } from "@updspace/kit/time.tsx";
import { roleName, serviceName } from "@updspace/kit/permissionWords.ts";
import { colourStyle } from "@updspace/ui/art/colours";
import { flagOf } from "@updspace/ui/art/designs";
import { TextLink } from "@updspace/ui/TextLink";
import { useNavigate } from "@tanstack/react-router";
import { Fragment, useId, type ReactNode } from "react";
import { useIntl } from "react-intl";
import style from "./manage.module.css";
import { bindingsQuery, rolesQuery, type Role } from "./queries.ts";
import { isInForce, roleGroups } from "./roles.ts";

/** The colours of a role, drawn from its id. */
export function roleColours(role: { id: number; name: string }) {
  return colourStyle(flagOf(`role ${role.id} ${role.name}`));
}

/** How many people hold each role through a binding; undefined when there are too many bindings to count here. */
function useHolders(): (role: Role) => number | undefined {
  const { data } = useSuspenseQuery(bindingsQuery);
  const now = useNow();
  const people = new Map<number, Set<string>>();
  for (const b of data.items) {
    if (isInForce(b, now)) people.set(b.role_id, (people.get(b.role_id) ?? new Set()).add(b.user_id));
  }
  return (role) => (data.complete ? (people.get(role.id)?.size ?? 0) : undefined);
}

/** The roles in use, grouped by what they are about. */
export function RoleList({ current, children }: { current?: number; children?: ReactNode }) {
  const intl = useIntl();
  const { data: roles } = useSuspenseQuery(rolesQuery);
  const holders = useHolders();
  return (
    <nav className={style["list"]} aria-label={intl.formatMessage({ id: "manage.roles.list" })}>
      {children}
      {roleGroups(roles).map(({ service, roles }) => (
        <Fragment key={service}>
          <h2>{serviceName(intl, service)}</h2>
          {roles.map((r) => (
            <TextLink key={r.id} className="" href={`/manage/roles/${r.id}`} current={r.id === current}>
              <i className={`${style["pennon"]} colours`} style={roleColours(r)} aria-hidden="true" />
              <span className="grow" dir="auto">
                {roleName(intl, r.name)}
              </span>
              <Count of={holders(r)} />
            </TextLink>
          ))}
        </Fragment>
      ))}
    </nav>
  );
}

function Count({ of }: { of: number | undefined }) {
  const intl = useIntl();
  if (!of) return null;
  return (
    <span className={style["number"]}>
      <span className="vh">{intl.formatMessage({ id: "manage.roles.heldBy" }, { count: of })}</span>
      <span aria-hidden="true">{of}</span>
    </span>
  );
}

/** The list as one field, for a phone, where the browser's own is a wheel. */
export function RolePick({ current }: { current: Role }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const { data: roles } = useSuspenseQuery(rolesQuery);
  const id = useId();
  return (
    <div className={style["pick"]}>
      <div className="field">
        <label htmlFor={id}>{intl.formatMessage({ id: "manage.role" })}</label>
        <span className="native-select">
          <select
            id={id}
            className="input"
            value={String(current.id)}
            onChange={(e) => void navigate({ to: "/manage/roles/$id", params: { id: e.target.value } })}
          >
            {roleGroups(roles).map((g) => (
              <optgroup key={g.service} label={serviceName(intl, g.service)}>
                {g.roles.map((r) => (
                  <option key={r.id} value={String(r.id)}>
                    {roleName(intl, r.name)}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
          <ChevronDown className="i s" aria-hidden="true" />
        </span>
      </div>
    </div>
  );
}
