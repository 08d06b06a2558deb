import { useSuspenseQuery } from "@tanstack/react-query";
import { ChevronRight, Shapes } from "lucide-react";
import { permissionName, roleName, serviceName } from "@updspace/kit/permissionWords.ts";
import { useNow } from "@updspace/kit/time.tsx";
import { TextLink } from "@updspace/ui/TextLink";
import { FormattedMessage, useIntl } from "react-intl";
import style from "./manage.module.css";
import { partIcons } from "./PermissionCards.tsx";
import { bindingsQuery, rolesQuery, type Role } from "./queries.ts";
import { roleColours } from "./RoleList.tsx";
import { isInForce, memberRoleOf, roleGroups } from "./roles.ts";

const named = 2; // permissions that the second line names

/** The roles as rows of cards, one card for a service. */
export function RoleTiles() {
  const intl = useIntl();
  const { data: roles } = useSuspenseQuery(rolesQuery);
  const { data: bindings } = useSuspenseQuery(bindingsQuery);
  const now = useNow();
  const holders = (role: Role) =>
    new Set(bindings.items.filter((b) => b.role_id === role.id && isInForce(b, now)).map((b) => b.user_id)).size;
  return roleGroups(roles).map(({ service, roles: group }) => {
    const Icon = partIcons[service] ?? Shapes;
    const everyone = memberRoleOf(service, roles)?.id;
    return (
      <section key={service} className="card" aria-label={serviceName(intl, service)}>
        <div className={`card-head ${style["cardHead"]}`}>
          <Icon className="i" aria-hidden="true" />
          <h2 className="grow">{serviceName(intl, service)}</h2>
        </div>
        <div className="rows">
          {group.map((r) => (
            <TextLink key={r.id} className={`row ${style["tile"]}`} href={`/manage/roles/${r.id}`}>
              <i className={`${style["pennon"]} colours`} style={roleColours(r)} aria-hidden="true" />
              <span className="grow">
                <bdi className="strong">{roleName(intl, r.name)}</bdi>
                <span className="small muted block">
                  <Allows role={r} />
                </span>
              </span>
              <span className={`small muted ${style["held"]}`}>
                {r.id === everyone ? (
                  <FormattedMessage id="manage.roles.everyone" />
                ) : (
                  bindings.complete && <FormattedMessage id="manage.roles.heldBy" values={{ count: holders(r) }} />
                )}
              </span>
              <ChevronRight className="i s" aria-hidden="true" />
            </TextLink>
          ))}
        </div>
      </section>
    );
  });
}

function Allows({ role }: { role: Role }) {
  const intl = useIntl();
  const [first, ...others] = role.permission_keys.map((k) => permissionName(intl, k));
  if (first === undefined) return <FormattedMessage id="manage.roles.nothing" />;
  const names = [first, ...others.slice(0, named - 1)].map((n, i) => (i === 0 ? n : n.charAt(0).toLocaleLowerCase() + n.slice(1)));
  return (
    <FormattedMessage id="manage.roles.allows" values={{ names: names.join(", "), more: role.permission_keys.length - names.length }} />
  );
}
