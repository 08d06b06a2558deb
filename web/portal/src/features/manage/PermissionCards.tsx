import {
  CalendarDays,
  Check,
  Flag,
  Lock,
  MessageCircle,
  Minus,
  Newspaper,
  Plus,
  Scale,
  Settings2,
  Shapes,
  UsersRound,
  Vote,
  Award,
} from "lucide-react";
import type { LucideIcon } from "lucide-react";
import { known } from "@updspace/kit/errors.tsx";
import { permissionEffect, permissionName, serviceName } from "@updspace/kit/permissionWords.ts";
import { Why } from "@updspace/kit/why.tsx";
import { cx } from "@updspace/ui/cx";
import { useId } from "react";
import { FormattedMessage, useIntl, type IntlShape } from "react-intl";
import { keysAfter, type Draft } from "./changes.ts";
import style from "./manage.module.css";
import type { Permission, Role } from "./queries.ts";
import { permissionGroups } from "./roles.ts";

export const partIcons: Record<string, LucideIcon> = {
  people: UsersRound,
  space: Settings2,
  communities: Flag,
  teams: UsersRound,
  posts: MessageCircle,
  rights: Scale,
  portal: Flag,
  voting: Vote,
  events: CalendarDays,
  activity: Newspaper,
  gamification: Award,
  personalization: Settings2,
};

function partName(intl: IntlShape, part: string): string {
  const id = `manage.part.${part}`;
  return known(intl, id) ? intl.formatMessage({ id }) : serviceName(intl, part);
}

interface PermissionCardsProps {
  role: Role;
  draft: Draft;
  permissions: readonly Permission[];
  /** Undefined for who may only look. */
  onSwitch: ((key: string, on: boolean) => void) | undefined;
  /** Whether the person may hand the permission on. */
  mayGive: (key: string) => boolean;
}

/** The permissions of a role as sentences, a card for each part. */
export function PermissionCards({ role, draft, permissions, onSwitch, mayGive }: PermissionCardsProps) {
  const intl = useIntl();
  const held = keysAfter(role, draft);
  return permissionGroups(role.service, permissions).map(({ part, permissions }) => {
    const Icon = partIcons[part] ?? Shapes;
    const name = partName(intl, part);
    return (
      <section key={part} className="card" aria-label={name}>
        <div className={`card-head ${style["cardHead"]}`}>
          <Icon className="i" aria-hidden="true" />
          <h2>{name}</h2>
          <span className="small muted">
            <FormattedMessage
              id="manage.part.count"
              values={{ held: permissions.filter((p) => held.includes(p.key)).length, all: permissions.length }}
            />
          </span>
        </div>
        <ul className="rows">
          {permissions.map((p) => (
            <PermissionRow
              key={p.key}
              permission={p}
              on={held.includes(p.key)}
              was={role.permission_keys.includes(p.key)}
              locked={onSwitch !== undefined && !mayGive(p.key)}
              onSwitch={onSwitch}
            />
          ))}
        </ul>
      </section>
    );
  });
}

interface PermissionRowProps {
  permission: Permission;
  on: boolean;
  was: boolean;
  locked: boolean;
  onSwitch: PermissionCardsProps["onSwitch"];
}

function PermissionRow({ permission, on, was, locked, onSwitch }: PermissionRowProps) {
  const intl = useIntl();
  const id = useId();
  const name = permissionName(intl, permission.key, permission.description);
  const effect = permissionEffect(intl, permission.key);
  return (
    <li className={cx(style["permission"], on && !was && style["added"], was && !on && style["removed"])}>
      <div className="grow">
        {onSwitch ? (
          <label className="strong" htmlFor={id}>
            {name}
          </label>
        ) : (
          <span className={on ? "strong" : "muted"}>{name}</span>
        )}
        {on && !was && (
          <span className="state ok">
            <Plus className="i s" aria-hidden="true" />
            <FormattedMessage id="manage.permission.added" />
          </span>
        )}
        {was && !on && (
          <span className="state danger">
            <Minus className="i s" aria-hidden="true" />
            <FormattedMessage id="manage.permission.removed" />
          </span>
        )}
        {effect !== undefined && (
          <p id={`${id}e`} className="small muted">
            {effect}
          </p>
        )}
        {locked && (
          <div className={`${style["locked"]} label`}>
            <Lock className="i s" aria-hidden="true" />
            <span>
              <FormattedMessage id="manage.permission.locked" />
            </span>
            <Why permission={permission.key} />
          </div>
        )}
      </div>
      {onSwitch ? (
        <span className="switch">
          <input
            id={id}
            type="checkbox"
            role="switch"
            checked={on}
            disabled={locked}
            aria-describedby={effect === undefined ? undefined : `${id}e`}
            onChange={(e) => onSwitch(permission.key, e.target.checked)}
          />
          <i aria-hidden="true" />
        </span>
      ) : (
        <span className={on ? "state ok" : "state quiet"}>
          {on ? <Check className="i" aria-hidden="true" /> : <Minus className="i" aria-hidden="true" />}
          <span className="vh">{intl.formatMessage({ id: on ? "manage.permission.on" : "manage.permission.off" })}</span>
        </span>
      )}
    </li>
  );
}
