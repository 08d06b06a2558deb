import { useQueries, useSuspenseQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { access, ok } from "@updspace/kit/api.ts";
import { useDraft } from "@updspace/kit/drafts.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { groupQuery } from "@updspace/kit/groups.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { useNow } from "@updspace/kit/time.tsx";
import { Why } from "@updspace/kit/why.tsx";
import { Button } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { Crumb } from "@updspace/ui/PageHead";
import { lazy, Suspense, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { may, sessionQuery, useSession } from "../../session.ts";
import { ChangeList } from "./ChangePanel.tsx";
import { impactOf, keysAfter, noDraft, sizeOf, switched } from "./changes.ts";
import { Holders } from "./Holders.tsx";
import style from "./manage.module.css";
import { PermissionCards } from "./PermissionCards.tsx";
import { bindingsQuery, permissionsQuery, rolesKey, rolesQuery, type Binding, type Role } from "./queries.ts";
import type { NewRole } from "./RoleForm.tsx";
import { RoleHead } from "./RoleHead.tsx";
import { RoleList, RolePick } from "./RoleList.tsx";

const RoleForm = lazy(async () => ({ default: (await import("./RoleForm.tsx")).RoleForm }));

/** The communities of the teams in which a role is held. */
function useCommunities(held: readonly Binding[]): (team: string) => string | undefined {
  const teams = [...new Set(held.filter((b) => b.scope_type === "TEAM").map((b) => b.scope_id))];
  const groups = useQueries({ queries: teams.map(groupQuery) });
  return (team) => groups.find((g) => g.data?.id === team)?.data?.community_id;
}

export function RolePage({ role }: { role: Role }) {
  const intl = useIntl();
  const session = useSession();
  const { data: roles } = useSuspenseQuery(rolesQuery);
  const { data: bindings } = useSuspenseQuery(bindingsQuery);
  const { data: permissions } = useSuspenseQuery(permissionsQuery);
  const [draft, setDraft, clear] = useDraft(`${session.user.id}:role:${role.id}`, noDraft);
  const [checking, setChecking] = useState(false);
  const [make, setMake] = useState<NewRole>();
  const now = useNow();
  const held = bindings.items.filter((b) => b.role_id === role.id);
  const communityOf = useCommunities(held);
  const impact = impactOf(role, draft, { roles, bindings: bindings.items, communityOf, now });
  const mayWrite = may(session, "portal.roles.write");
  const save = useAction({
    run: (permission_keys: string[], headers) =>
      ok(
        access.PATCH("/api/v1/access/admin/roles/{role_id}", {
          params: { path: { role_id: role.id } },
          body: { service: role.service, name: role.name, permission_keys },
          headers,
        }),
      ),
    stale: [[rolesKey], sessionQuery.queryKey],
    done: intl.formatMessage({ id: "manage.change.saved" }),
    onDone: () => {
      clear();
      setChecking(false);
    },
  });
  const undo = () => {
    clear();
    save.reset();
    setChecking(false);
  };
  const size = sizeOf(draft);
  const panel = (
    <>
      <div className={style["body"]}>
        <ChangeList role={role} impact={impact} />
        <ActionError error={save.error} />
      </div>
      <div className={style["foot"]}>
        <Button variant="primary" wide pending={save.pending} onPress={() => save.start(keysAfter(role, draft))}>
          <FormattedMessage id="manage.change.save" values={{ count: size }} />
        </Button>
        <Button variant="quiet" wide onPress={undo}>
          <FormattedMessage id="manage.change.undo" />
        </Button>
      </div>
    </>
  );
  return (
    <>
      <Crumb href="/manage" name={intl.formatMessage({ id: "nav.manage" })} />
      <div className={style["three"]}>
        <RoleList current={role.id}>
          {mayWrite && (
            <Button size="s" onPress={() => setMake({ name: "" })}>
              <Plus className="i s" aria-hidden="true" />
              <FormattedMessage id="manage.role.new" />
            </Button>
          )}
        </RoleList>
        <div className={`vstack ${size > 0 ? style["withBar"] : ""}`}>
          <RolePick current={role} />
          <RoleHead role={role} holders={impact.people.length} mayWrite={mayWrite} />
          <Holders role={role} everyone={impact.everyone} mayGive={may(session, "portal.role_bindings.write")} />
          <PermissionCards
            role={role}
            draft={draft}
            permissions={permissions}
            onSwitch={mayWrite && role.tenant_id !== null ? (key, on) => setDraft(switched(role, draft, key, on)) : undefined}
            mayGive={(key) => may(session, key)}
          />
        </div>
        {size > 0 ? (
          <aside className={`card ${style["diff"]}`} aria-labelledby="changes">
            <div className="card-head">
              <h2 id="changes">{intl.formatMessage({ id: "manage.change.title" })}</h2>
              <span className="count">{size}</span>
            </div>
            {panel}
          </aside>
        ) : (
          <Advice own={role.tenant_id !== null} mayWrite={mayWrite} />
        )}
      </div>
      {size > 0 && (
        <div className={style["savebar"]}>
          <span className="grow small">
            <b>
              <FormattedMessage id="manage.change.count" values={{ count: size }} />
            </b>
            <span className="muted block">
              {impact.everyone ? (
                <FormattedMessage id="manage.change.touch.everyone" />
              ) : (
                <FormattedMessage id="manage.change.touch" values={{ count: impact.people.length }} />
              )}
            </span>
          </span>
          <Button variant="quiet" onPress={undo}>
            <FormattedMessage id="manage.change.undo.short" />
          </Button>
          <Button variant="primary" onPress={() => setChecking(true)}>
            <FormattedMessage id="manage.change.check" />
          </Button>
        </div>
      )}
      <Dialog
        open={checking}
        onClose={() => setChecking(false)}
        title={intl.formatMessage({ id: "manage.change.title" })}
        closeLabel={intl.formatMessage({ id: "action.close" })}
      >
        <div className={style["inSheet"]}>{panel}</div>
      </Dialog>
      {make && (
        <Suspense>
          <RoleForm make={make} title={intl.formatMessage({ id: "manage.role.new" })} onClose={() => setMake(undefined)} />
        </Suspense>
      )}
    </>
  );
}

/** What stands where the changes will be. */
function Advice({ own, mayWrite }: { own: boolean; mayWrite: boolean }) {
  return (
    <aside className={`card pad ${style["diff"]}`}>
      <p className="small muted">
        <FormattedMessage id={!mayWrite ? "manage.change.read" : own ? "manage.change.none" : "manage.change.template"} />
        {!mayWrite && (
          <>
            {" "}
            <Why permission="portal.roles.write" />
          </>
        )}
      </p>
    </aside>
  );
}
