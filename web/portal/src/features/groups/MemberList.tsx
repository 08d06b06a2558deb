import type { Group } from "@updspace/kit/groups.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { useSettled } from "@updspace/kit/settled.ts";
import { Person } from "@updspace/kit/people.tsx";
import { Choice } from "@updspace/ui/Choice";
import { EmptyState } from "@updspace/ui/EmptyState";
import { SearchField } from "@updspace/ui/SearchField";
import { useState } from "react";
import { FormattedDate, FormattedMessage, useIntl } from "react-intl";
import type { Rights } from "../../rights.ts";
import style from "./groups.module.css";
import { MemberMenu } from "./MemberMenu.tsx";
import { memberPages, type Role } from "./queries.ts";
import { RoleTag } from "./roles.tsx";

/** The members of a group; those who manage them can act on each. */
export function MemberList({ group, rights }: { group: Group; rights: Rights }) {
  const intl = useIntl();
  const [typed, setTyped] = useState("");
  const [role, setRole] = useState<Role | "all">("all");
  const q = useSettled(typed.trim());
  const query = usePages(memberPages(group.id, { q, ...(role !== "all" && { role }) }));
  return (
    <>
      <div className={style["find"]}>
        <div className={style["search"]}>
          <SearchField label={intl.formatMessage({ id: "groups.members.search" })} value={typed} onChange={setTyped} />
        </div>
        <Choice
          label={intl.formatMessage({ id: "groups.role" })}
          value={role}
          onChange={setRole}
          choices={[
            { id: "all", name: intl.formatMessage({ id: "groups.role.all" }) },
            { id: "owner", name: intl.formatMessage({ id: "groups.role.owners" }) },
            { id: "moderator", name: intl.formatMessage({ id: "groups.role.moderators" }) },
          ]}
        />
      </div>
      <PagedList
        query={query}
        empty={
          <div className="card">
            <EmptyState shape="people" title={intl.formatMessage({ id: "groups.members.none" })} />
          </div>
        }
      >
        {(members) => (
          <ul className="card rows">
            {members.map((m) => (
              <li key={m.user_id} className="row">
                <div className="grow">
                  <Person id={m.user_id} tag={<RoleTag role={m.role} />}>
                    <FormattedMessage id="groups.member.since" values={{ date: <FormattedDate value={m.joined_at} dateStyle="long" /> }} />
                  </Person>
                </div>
                {rights.members && <MemberMenu group={group} member={m} rights={rights} />}
              </li>
            ))}
          </ul>
        )}
      </PagedList>
    </>
  );
}
