import { useQuery } from "@tanstack/react-query";
import { Cog, Server } from "lucide-react";
import { known } from "@updspace/kit/errors.tsx";
import { GroupTag } from "@updspace/kit/groups.tsx";
import { PersonName, usePerson } from "@updspace/kit/people.tsx";
import { permissionName, roleName, serviceName } from "@updspace/kit/permissionWords.ts";
import { Helm } from "@updspace/ui/Helm";
import { FormattedMessage, useIntl } from "react-intl";
import { about, detail, groupOf, type Entry } from "./journal.ts";
import style from "./journal.module.css";
import { rolesQuery, type Role } from "./queries.ts";

/** One entry: what was done, by whom, about whom and where. */
export function JournalRow({ entry }: { entry: Entry }) {
  const intl = useIntl();
  const time = intl.formatDate(entry.created_at, { hour: "numeric", minute: "numeric" });
  const user = about(entry);
  const group = groupOf(entry);
  const service = useRole(entry)?.service;
  return (
    <li className={style["row"]}>
      <time className={`${style["time"]} small muted num`} dateTime={entry.created_at}>
        {time}
      </time>
      <Actor entry={entry} />
      <div className="grow">
        <p>
          <Sentence entry={entry} />
        </p>
        <p className="small muted line dots">
          <span>{entry.actor_id === null ? <Machine entry={entry} /> : <PersonName id={entry.actor_id} />}</span>
          {user !== undefined && user !== entry.actor_id && (
            <span>
              <FormattedMessage id="manage.journal.about.user" values={{ user: <PersonName id={user} /> }} />
            </span>
          )}
          {service !== undefined && <span>{serviceName(intl, service)}</span>}
          {group !== undefined && (
            <span>
              <GroupTag id={group} />
            </span>
          )}
          {entry.reason !== "" && <q dir="auto">{entry.reason}</q>}
        </p>
      </div>
    </li>
  );
}

function Actor({ entry }: { entry: Entry }) {
  if (entry.actor_id !== null) return <Face id={entry.actor_id} />;
  const Icon = entry.actor_type === "service" ? Server : Cog;
  return (
    <span className={style["machine"]} aria-hidden="true">
      <Icon className="i s" />
    </span>
  );
}

function Face({ id }: { id: string }) {
  return <Helm id={id} size="m" src={usePerson(id)?.avatar_url} />;
}

function Machine({ entry }: { entry: Entry }) {
  return <FormattedMessage id={`manage.actor.${entry.actor_type}`} values={{ name: entry.actor_name || "none" }} />;
}

/** The role that an entry is about, when there still is one. */
function useRole(entry: Entry): Role | undefined {
  const roles = useQuery({ ...rolesQuery, enabled: entry.source === "access" }).data;
  return roles?.find((r) => String(r.id) === detail(entry, "role_id"));
}

/** What happened, in words; the action's own name for one that this page does not know yet. */
function Sentence({ entry }: { entry: Entry }) {
  const intl = useIntl();
  const role = useRole(entry);
  const permission = entry.target_type === "permission" ? entry.target_id : detail(entry, "permission_key");
  const values = {
    name: detail(entry, "name") || "none",
    role: role ? roleName(intl, role.name) : "none",
    permission: permission ? permissionName(intl, permission) : "none",
    kind: detail(entry, "action") || "none",
    was: detail(entry, "was") || "none",
    to: entry.source === "portal" ? detail(entry, "role") || "none" : "none",
  };
  const id = `journal.${entry.action.replaceAll(".", "_")}`;
  return known(intl, id) ? intl.formatMessage({ id }, values) : <code>{entry.action}</code>;
}
