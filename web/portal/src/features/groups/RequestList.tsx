import { ok, portal } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import type { Group } from "@updspace/kit/groups.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { Person, usePersonName } from "@updspace/kit/people.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { FormattedMessage, useIntl } from "react-intl";
import style from "./groups.module.css";
import { groupStale, requestPages, type JoinRequest } from "./queries.ts";

/** Those who ask to become members, oldest first. */
export function RequestList({ group }: { group: Group }) {
  const intl = useIntl();
  const query = usePages(requestPages(group.id, "pending"));
  return (
    <PagedList
      query={query}
      empty={
        <div className="card">
          <EmptyState shape="people" title={intl.formatMessage({ id: "groups.requests.none" })}>
            {intl.formatMessage({ id: group.join_policy === "request" ? "groups.requests.none.text" : "groups.requests.none.policy" })}
          </EmptyState>
        </div>
      }
    >
      {(requests) => (
        <ul className="card rows">
          {requests.map((r) => (
            <Request key={r.id} group={group} request={r} />
          ))}
        </ul>
      )}
    </PagedList>
  );
}

function Request({ group, request }: { group: Group; request: JoinRequest }) {
  const intl = useIntl();
  const name = usePersonName(request.user_id);
  const decide = useAction({
    run: (approve: boolean, headers) => {
      const params = { path: { group_id: group.id, request_id: request.id } };
      return approve
        ? ok(portal.POST("/api/v1/portal/groups/{group_id}/join-requests/{request_id}/approve", { params, headers }))
        : ok(portal.POST("/api/v1/portal/groups/{group_id}/join-requests/{request_id}/decline", { params, headers }));
    },
    stale: groupStale,
    done: (r) => intl.formatMessage({ id: r.status === "approved" ? "groups.request.approved" : "groups.request.declined" }, { name }),
  });
  return (
    <li className={`row ${style["decide"]}`}>
      <div className="grow">
        <Person id={request.user_id}>
          <Time at={request.created_at} />
        </Person>
        {request.message !== "" && (
          <p className={style["quote"]} dir="auto">
            {request.message}
          </p>
        )}
        <ActionError error={decide.error} />
      </div>
      <div className="btns">
        <Button variant="soft" pending={decide.pending} onPress={() => decide.start(true)}>
          <FormattedMessage id="groups.request.approve" />
          <span className="vh">: {name}</span>
        </Button>
        <Button variant="quiet" disabled={decide.pending} onPress={() => decide.start(false)}>
          <FormattedMessage id="groups.request.decline" />
          <span className="vh">: {name}</span>
        </Button>
      </div>
    </li>
  );
}
