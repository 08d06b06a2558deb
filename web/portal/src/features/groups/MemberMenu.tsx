import { Ban, Crown, Ellipsis, Shield, UserMinus, UserRound } from "lucide-react";
import { ok, portal } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import type { Group } from "@updspace/kit/groups.tsx";
import { usePersonName } from "@updspace/kit/people.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { IconButton } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { Menu, MenuItem, MenuSeparator } from "@updspace/ui/Menu";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import type { Rights } from "../../rights.ts";
import { useSession } from "../../session.ts";
import { BanDialog } from "./BanDialog.tsx";
import { groupStale, type Member, type Role } from "./queries.ts";

const icons = { owner: Crown, moderator: Shield, member: UserRound };

interface MemberMenuProps {
  group: Group;
  member: Member;
  rights: Rights;
}

/** What those who manage members can do with one: another role, removal, a ban. */
export function MemberMenu({ group, member, rights }: MemberMenuProps) {
  const intl = useIntl();
  const session = useSession();
  const name = usePersonName(member.user_id);
  const [asking, setAsking] = useState<Role | "remove" | "ban">();
  const params = { path: { group_id: group.id, user_id: member.user_id } };
  const close = () => setAsking(undefined);
  const change = useAction({
    run: (role: Role, headers) =>
      ok(portal.PATCH("/api/v1/portal/groups/{group_id}/members/{user_id}", { params, body: { role }, headers })),
    stale: groupStale,
    done: intl.formatMessage({ id: "groups.role.changed" }, { name }),
    onDone: close,
  });
  const remove = useAction({
    run: (_: void, headers) => ok(portal.DELETE("/api/v1/portal/groups/{group_id}/members/{user_id}", { params, headers })),
    stale: groupStale,
    done: intl.formatMessage({ id: "groups.removed" }, { name }),
    onDone: close,
  });
  const self = member.user_id === session.user.id;
  const above = member.role === "owner" && !rights.owners;
  if (above || group.status === "archived") return null;
  const roles = (["owner", "moderator", "member"] as const).filter((r) => r !== member.role && (r !== "owner" || rights.owners));
  const label = intl.formatMessage({ id: "groups.member.actions" }, { name });
  const role = asking !== undefined && asking !== "remove" && asking !== "ban" ? asking : undefined;
  return (
    <>
      <Menu
        label={label}
        trigger={
          <IconButton label={label}>
            <Ellipsis className="i" aria-hidden="true" />
          </IconButton>
        }
      >
        {roles.map((r) => {
          const Icon = icons[r];
          const text = intl.formatMessage({ id: `groups.role.make.${r}` });
          return (
            <MenuItem key={r} text={text} onAction={() => setAsking(r)}>
              <Icon className="i s" aria-hidden="true" />
              {text}
            </MenuItem>
          );
        })}
        {!self && (
          <>
            <MenuSeparator />
            <MenuItem text={intl.formatMessage({ id: "groups.remove" })} danger onAction={() => setAsking("remove")}>
              <UserMinus className="i s" aria-hidden="true" />
              <FormattedMessage id="groups.remove" />
            </MenuItem>
            <MenuItem text={intl.formatMessage({ id: "groups.ban" })} danger onAction={() => setAsking("ban")}>
              <Ban className="i s" aria-hidden="true" />
              <FormattedMessage id="groups.ban" />
            </MenuItem>
          </>
        )}
      </Menu>
      <Confirm
        open={role !== undefined}
        onClose={close}
        title={intl.formatMessage({ id: `groups.role.title.${role ?? "member"}` }, { name })}
        action={intl.formatMessage({ id: "groups.role.change" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        pending={change.pending}
        onConfirm={() => role && change.start(role)}
      >
        <FormattedMessage id={`groups.role.means.${role ?? "member"}`} />
        <ActionError error={change.error} />
      </Confirm>
      <Confirm
        open={asking === "remove"}
        onClose={close}
        title={intl.formatMessage({ id: "groups.remove.title" }, { name, group: group.name })}
        action={intl.formatMessage({ id: "groups.remove" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={remove.pending}
        onConfirm={() => remove.start()}
      >
        <FormattedMessage id={group.kind === "COMMUNITY" ? "groups.remove.community" : "groups.remove.team"} />
        <ActionError error={remove.error} />
      </Confirm>
      {asking === "ban" && <BanDialog group={group} user={member.user_id} onClose={close} />}
    </>
  );
}
