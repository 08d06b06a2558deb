// What a person does with a group. Each is a hook, since its sentence is in the reader's language.
import { ok, portal } from "@updspace/kit/api.ts";
import { useAction } from "@updspace/kit/queries.ts";
import type { Group } from "@updspace/kit/groups.tsx";
import { useIntl } from "react-intl";
import { groupStale as stale } from "./queries.ts";

const of = (group: { id: string }) => ({ path: { group_id: group.id } });

export function useJoin(group: Group) {
  const intl = useIntl();
  return useAction({
    run: (_: void, headers) => ok(portal.POST("/api/v1/portal/groups/{group_id}/join", { params: of(group), headers })),
    stale,
    done: intl.formatMessage({ id: "groups.joined" }, { name: group.name }),
  });
}

export function useAsk(group: Group, onDone: () => void) {
  const intl = useIntl();
  return useAction({
    run: (message: string, headers) =>
      ok(portal.POST("/api/v1/portal/groups/{group_id}/join-requests", { params: of(group), body: { message }, headers })),
    stale,
    done: intl.formatMessage({ id: "groups.asked" }),
    onDone,
  });
}

export function useLeave(group: Group, onDone: () => void) {
  const intl = useIntl();
  return useAction({
    run: (_: void, headers) => ok(portal.POST("/api/v1/portal/groups/{group_id}/leave", { params: of(group), headers })),
    stale,
    done: intl.formatMessage({ id: "groups.left" }, { name: group.name }),
    onDone,
  });
}

/** Accepts or declines the caller's own invitation. */
export function useAnswerInvite() {
  const intl = useIntl();
  return useAction({
    run: async ({ id, accept }: { id: string; accept: boolean }, headers) => {
      const params = { path: { invite_id: id } };
      const invite = await (accept
        ? ok(portal.POST("/api/v1/portal/me/invites/{invite_id}/accept", { params, headers }))
        : ok(portal.POST("/api/v1/portal/me/invites/{invite_id}/decline", { params, headers })));
      return { accept, name: invite.scope_name };
    },
    stale,
    done: ({ accept, name }) => intl.formatMessage({ id: accept ? "groups.joined" : "groups.invite.declined" }, { name }),
  });
}

export function useCancelRequest() {
  const intl = useIntl();
  return useAction({
    run: ({ group, request }: { group: string; request: string }, headers) =>
      ok(
        portal.POST("/api/v1/portal/groups/{group_id}/join-requests/{request_id}/cancel", {
          params: { path: { group_id: group, request_id: request } },
          headers,
        }),
      ),
    stale,
    done: intl.formatMessage({ id: "groups.request.cancelled" }),
  });
}
