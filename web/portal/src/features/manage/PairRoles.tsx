// Chooses two roles that shall follow one another.
import { useQuery } from "@tanstack/react-query";
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { roleName, serviceName } from "@updspace/kit/permissionWords.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { Select } from "@updspace/ui/Select";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { useSession } from "../../session.ts";
import { PlaceFields, scopeAt, wholeSpace } from "./PlaceFields.tsx";
import { rolesQuery } from "./queries.ts";
import { directions, discordRolesQuery, roleSyncKey, type Direction, type MappingCreate } from "./roleSync.ts";

export function PairRoles({ id, onClose }: { id: number; onClose: () => void }) {
  const intl = useIntl();
  const { tenant } = useSession();
  const there = useQuery(discordRolesQuery(id));
  const { data: roles } = useQuery(rolesQuery);
  const [discordRole, setDiscordRole] = useState("");
  const [role, setRole] = useState("");
  const [direction, setDirection] = useState<Direction>("both");
  const [place, setPlace] = useState(wholeSpace);
  const [missing, setMissing] = useState(false);
  const pair = useAction({
    run: (body: MappingCreate, headers) =>
      ok(
        activity.POST("/api/v1/activity/admin/sources/{source_id}/role-sync/mappings", {
          params: { path: { source_id: id } },
          body,
          headers,
        }),
      ),
    stale: [[roleSyncKey]],
    done: intl.formatMessage({ id: "manage.rolesync.paired" }),
    onDone: onClose,
  });
  const errors = fieldErrors(intl, pair.error);
  const required = intl.formatMessage({ id: "field.REQUIRED" });
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "manage.rolesync.pair" })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <form
        className="vstack"
        onSubmit={(e) => {
          e.preventDefault();
          const scope = scopeAt(place, tenant.id);
          if (discordRole === "" || role === "") setMissing(true);
          else if (scope.type === "TENANT" || scope.type === "COMMUNITY" || scope.type === "TEAM")
            pair.start({ discord_role_id: discordRole, role_id: Number(role), scope_type: scope.type, scope_id: scope.id, direction });
        }}
      >
        <ActionError error={there.error} />
        <Select
          label={intl.formatMessage({ id: "manage.rolesync.discord" })}
          placeholder={intl.formatMessage({ id: "manage.rolesync.choose" })}
          value={discordRole}
          onChange={setDiscordRole}
          error={errors.discord_role_id ?? (missing && discordRole === "" ? required : undefined)}
          choices={(there.data ?? []).map((r) => ({ id: r.id, name: r.name }))}
        />
        <Select
          label={intl.formatMessage({ id: "manage.rolesync.ours" })}
          placeholder={intl.formatMessage({ id: "manage.rolesync.choose" })}
          value={role}
          onChange={setRole}
          error={errors.role_id ?? (missing && role === "" ? required : undefined)}
          choices={(roles ?? []).map((r) => ({ id: String(r.id), name: `${roleName(intl, r.name)} · ${serviceName(intl, r.service)}` }))}
        />
        <PlaceFields value={place} onChange={setPlace} error={errors.scope_id} />
        <Select
          label={intl.formatMessage({ id: "manage.rolesync.direction" })}
          value={direction}
          onChange={setDirection}
          choices={directions.map((d) => ({ id: d, name: intl.formatMessage({ id: `manage.rolesync.direction.${d}` }) }))}
        />
        <p className="small muted">
          <FormattedMessage id="manage.rolesync.pair.text" />
        </p>
        <ActionError error={pair.error} />
        <div className="btns">
          <Button type="submit" variant="primary" pending={pair.pending}>
            <FormattedMessage id="manage.rolesync.pair" />
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
