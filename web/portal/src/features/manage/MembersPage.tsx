import { useSuspenseQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { useSettled } from "@updspace/kit/settled.ts";
import { Person, usePersonName } from "@updspace/kit/people.tsx";
import { roleName, serviceName } from "@updspace/kit/permissionWords.ts";
import { useNow } from "@updspace/kit/time.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { SearchField } from "@updspace/ui/SearchField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { bindingsQuery, memberPages } from "./queries.ts";
import { roleColours } from "./RoleList.tsx";
import { heldRoles, services } from "./roles.ts";
import style from "./manage.module.css";

/** The members of the space with what they hold in all of it. */
export function MembersPage() {
  const intl = useIntl();
  const [typed, setTyped] = useState("");
  const q = useSettled(typed.trim());
  const query = usePages(memberPages(q));
  return (
    <div className={style["narrow"]}>
      <PageHead
        title={intl.formatMessage({ id: "manage.members" })}
        sub={intl.formatMessage({ id: "manage.members.sub" })}
        back={{ href: "/manage", name: intl.formatMessage({ id: "nav.manage" }) }}
      />
      <SearchField label={intl.formatMessage({ id: "manage.members.find" })} value={typed} onChange={setTyped} />
      <PagedList
        query={query}
        empty={
          <div className="card">
            <EmptyState title={intl.formatMessage({ id: "people.notFound" })} shape="people">
              <FormattedMessage id="manage.members.none" />
            </EmptyState>
          </div>
        }
      >
        {(people) => (
          <ul className="card rows">
            {people.map((p) => (
              <Member key={p.user_id} id={p.user_id} username={p.username} communities={p.community_count} />
            ))}
          </ul>
        )}
      </PagedList>
    </div>
  );
}

interface MemberProps {
  id: string;
  username: string | null;
  communities: number;
}

function Member({ id, username, communities }: MemberProps) {
  const intl = useIntl();
  const { data } = useSuspenseQuery(bindingsQuery);
  const now = useNow();
  const name = usePersonName(id);
  const held = heldRoles(id, data.items, now);
  return (
    <li className="row">
      <div className="grow vstack s">
        <Person id={id}>
          <span className="line dots">
            {username !== null && <span dir="ltr">@{username}</span>}
            <span>
              <FormattedMessage id="manage.members.communities" values={{ count: communities }} />
            </span>
          </span>
        </Person>
        {held.length > 0 && (
          <ul className="line" aria-label={intl.formatMessage({ id: "manage.members.roles" })}>
            {held.map((h) => (
              <li key={`${h.name} ${h.services.join()}`}>
                <span className="tag colours" style={roleColours({ id: 0, name: h.name })}>
                  <bdi>{roleName(intl, h.name)}</bdi>
                </span>{" "}
                <span className="label muted">
                  {h.services.length === services.length ? (
                    <FormattedMessage id="manage.members.everywhere" />
                  ) : (
                    h.services.map((s) => serviceName(intl, s)).join(" · ")
                  )}
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
      <LinkButton size="s" variant="quiet" href={`/manage/access?user=${id}`}>
        <KeyRound className="i s" aria-hidden="true" />
        <span className={style["short"]}>
          <FormattedMessage id="manage.members.may" />
          <span className="vh"> {name}</span>
        </span>
      </LinkButton>
    </li>
  );
}
