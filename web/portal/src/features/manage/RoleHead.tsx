import { useNavigate } from "@tanstack/react-router";
import { Copy, Pencil, Shapes, Trash2 } from "lucide-react";
import { access, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { roleName, serviceName } from "@updspace/kit/permissionWords.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { lazy, Suspense, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import style from "./manage.module.css";
import { partIcons } from "./PermissionCards.tsx";
import { bindingsKey, rolesKey, type Role } from "./queries.ts";
import type { NewRole } from "./RoleForm.tsx";
import { roleColours } from "./RoleList.tsx";
import { memberRole } from "./roles.ts";

const RoleForm = lazy(async () => ({ default: (await import("./RoleForm.tsx")).RoleForm }));

interface RoleHeadProps {
  role: Role;
  /** How many hold it through a binding. */
  holders: number;
  mayWrite: boolean;
}

export function RoleHead({ role, holders, mayWrite }: RoleHeadProps) {
  const intl = useIntl();
  const [make, setMake] = useState<NewRole>();
  const [renaming, setRenaming] = useState(false);
  const name = roleName(intl, role.name);
  const Icon = partIcons[role.service] ?? Shapes;
  const own = role.tenant_id !== null;
  const close = () => {
    setMake(undefined);
    setRenaming(false);
  };
  return (
    <div className={style["head"]}>
      <div className={`${style["hangs"]} colours`} style={roleColours(role)} aria-hidden="true">
        <Icon className="i" />
      </div>
      <h1 tabIndex={-1} dir="auto">
        {name}
      </h1>
      <p>
        <FormattedMessage
          id={own ? "manage.role.own" : role.name === memberRole ? "manage.role.template.members" : "manage.role.template"}
          values={{ service: serviceName(intl, role.service) }}
        />{" "}
        <span className="tag colours" style={roleColours(role)}>
          <bdi>{name}</bdi>
        </span>
      </p>
      {mayWrite && (
        <div className="btns">
          {!own && role.name === memberRole && (
            <Button size="s" onPress={() => setMake({ from: role, name: memberRole, fixed: true })}>
              <Pencil className="i s" aria-hidden="true" />
              <FormattedMessage id="manage.role.replace" />
            </Button>
          )}
          {own && role.name !== memberRole && (
            <Button
              size="s"
              onPress={() => {
                setRenaming(true);
                setMake({ name: role.name });
              }}
            >
              <Pencil className="i s" aria-hidden="true" />
              <FormattedMessage id="manage.role.rename" />
            </Button>
          )}
          <Button
            size="s"
            variant={own ? "quiet" : "line"}
            onPress={() => setMake({ from: role, name: intl.formatMessage({ id: "manage.role.copyOf" }, { name }) })}
          >
            <Copy className="i s" aria-hidden="true" />
            <FormattedMessage id="manage.role.copy" />
          </Button>
          {own && <DeleteRole role={role} holders={holders} />}
        </div>
      )}
      {make && (
        <Suspense>
          <RoleForm
            make={make}
            title={intl.formatMessage({ id: renaming ? "manage.role.rename" : "manage.role.new" })}
            onClose={close}
            {...(renaming && { rename: role })}
          />
        </Suspense>
      )}
    </div>
  );
}

function DeleteRole({ role, holders }: { role: Role; holders: number }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = useAction({
    run: (_: void, headers) =>
      ok(access.DELETE("/api/v1/access/admin/roles/{role_id}", { params: { path: { role_id: role.id } }, headers })),
    done: intl.formatMessage({ id: "manage.role.deleted" }),
    stale: [[rolesKey], [bindingsKey]],
    onDone: () => void navigate({ to: "/manage/roles" }),
  });
  return (
    <>
      <Button size="s" variant="quiet" onPress={() => setAsking(true)}>
        <Trash2 className="i s" aria-hidden="true" />
        <FormattedMessage id="manage.role.delete" />
      </Button>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={intl.formatMessage({ id: "manage.role.delete.title" }, { name: roleName(intl, role.name) })}
        action={intl.formatMessage({ id: "manage.role.delete" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={remove.pending}
        onConfirm={() => remove.start()}
      >
        {role.name === memberRole ? (
          <FormattedMessage id="manage.role.delete.members" />
        ) : (
          <FormattedMessage id="manage.role.delete.effect" values={{ count: holders }} />
        )}
        <ActionError error={remove.error} />
      </Confirm>
    </>
  );
}
