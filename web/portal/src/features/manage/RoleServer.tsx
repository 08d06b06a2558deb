// The server of Discord whose roles are followed, the bot, and the mode.
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Select } from "@updspace/ui/Select";
import { TextField } from "@updspace/ui/TextField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { modes, roleSyncKey, type Mode, type RoleSync } from "./roleSync.ts";

export function RoleServer({ id, sync }: { id: number; sync: RoleSync | null }) {
  const intl = useIntl();
  const [guild, setGuild] = useState(sync?.guild_id ?? "");
  const [token, setToken] = useState("");
  const [mode, setMode] = useState<Mode>(sync?.mode ?? "dry_run");
  const params = { path: { source_id: id } };
  const put = useAction({
    run: (_: void, headers) =>
      ok(
        activity.PUT("/api/v1/activity/admin/sources/{source_id}/role-sync", {
          params,
          body: { guild_id: guild.trim(), mode, ...(token !== "" && { bot_token: token.trim() }) },
          headers,
        }),
      ),
    stale: [[roleSyncKey]],
    done: intl.formatMessage({ id: "manage.rolesync.saved" }),
  });
  const end = useAction({
    run: (_: void, headers) => ok(activity.DELETE("/api/v1/activity/admin/sources/{source_id}/role-sync", { params, headers })),
    stale: [[roleSyncKey]],
    done: intl.formatMessage({ id: "manage.rolesync.ended" }),
  });
  const errors = fieldErrors(intl, put.error);
  return (
    <section className="card pad vstack" aria-labelledby="server">
      <h2 id="server">
        <FormattedMessage id="manage.rolesync.server" />
      </h2>
      <p className="muted">
        <FormattedMessage id="manage.rolesync.bot" />
      </p>
      <form
        className="vstack"
        onSubmit={(e) => {
          e.preventDefault();
          put.start();
        }}
      >
        <TextField
          label={intl.formatMessage({ id: "manage.rolesync.guild" })}
          help={intl.formatMessage({ id: "manage.rolesync.guild.help" })}
          value={guild}
          onChange={setGuild}
          inputMode="numeric"
          maxLength={20}
          error={errors.guild_id}
        />
        <TextField
          label={intl.formatMessage({ id: "manage.rolesync.token" })}
          help={intl.formatMessage({ id: sync ? "manage.rolesync.token.kept" : "manage.rolesync.token.help" })}
          value={token}
          onChange={setToken}
          type="password"
          autoComplete="off"
          maxLength={200}
          error={errors.bot_token}
        />
        {sync && (
          <Select
            label={intl.formatMessage({ id: "manage.rolesync.mode" })}
            value={mode}
            onChange={setMode}
            error={errors.mode}
            choices={modes.map((m) => ({ id: m, name: intl.formatMessage({ id: `manage.rolesync.mode.${m}` }) }))}
          />
        )}
        <ActionError error={put.error} />
        <ActionError error={end.error} />
        <div className="btns">
          <Button type="submit" variant="primary" pending={put.pending}>
            <FormattedMessage id={sync ? "manage.rolesync.save" : "manage.rolesync.begin"} />
          </Button>
          {sync && (
            <Button variant="danger" pending={end.pending} onPress={() => end.start()}>
              <FormattedMessage id="manage.rolesync.end" />
            </Button>
          )}
        </div>
      </form>
    </section>
  );
}
