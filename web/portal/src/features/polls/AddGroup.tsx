import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ok, voting } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { myGroupsQuery, type Group } from "@updspace/kit/groups.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Select, type Choice } from "@updspace/ui/Select";
import { FormattedMessage, useIntl } from "react-intl";
import { membersOf, pollKeys } from "./queries.ts";
import type { Participant, Poll, Role } from "./types.ts";

interface AddGroupProps {
  poll: Poll;
  people: readonly Participant[];
  roles: readonly Choice<Role>[];
}

/** Invites the members of a community or team of mine. Those who have a role or an invitation keep it. */
export function AddGroup({ poll, people, roles }: AddGroupProps) {
  const intl = useIntl();
  const groups = (useQuery(myGroupsQuery).data ?? []).filter((g) => isWithin(g, poll));
  const [chosen, setChosen] = useState("");
  const [role, setRole] = useState<Role>("participant");
  const invite = useAction({
    run: async (input: { group: Pick<Group, "id" | "kind">; role: Role }, headers) => {
      const { ids, more } = await membersOf(input.group, new Set(people.map((p) => p.user_id)));
      if (ids.length === 0) return { count: 0, more };
      const { added } = await ok(
        voting.POST("/api/v1/voting/polls/{poll_id}/participants/bulk", {
          params: { path: { poll_id: poll.id } },
          body: { user_ids: ids, role: input.role, invite: true },
          headers,
        }),
      );
      return { count: added, more };
    },
    stale: pollKeys,
    done: ({ count, more }) => intl.formatMessage({ id: more ? "polls.people.group.more" : "polls.people.group.done" }, { count }),
  });
  const group = groups.find((g) => g.id === chosen) ?? groups[0];
  if (!group) return null;
  return (
    <form
      className="card form"
      aria-labelledby="add-group"
      onSubmit={(e) => {
        e.preventDefault();
        invite.start({ group: { id: group.id, kind: group.kind }, role });
      }}
    >
      <h2 id="add-group">
        <FormattedMessage id="polls.people.group" />
      </h2>
      <Select
        label={intl.formatMessage({ id: "polls.people.group.which" })}
        value={group.id}
        onChange={setChosen}
        choices={groups.map((g) => ({
          id: g.id,
          name: g.name,
          help: intl.formatMessage(
            { id: g.kind === "COMMUNITY" ? "polls.people.group.community" : "polls.people.group.team" },
            { count: g.member_count, community: g.community_name },
          ),
        }))}
      />
      <Select label={intl.formatMessage({ id: "polls.people.role" })} value={role} onChange={setRole} choices={roles} />
      <ActionError error={invite.error} />
      <div className="btns">
        <Button type="submit" pending={invite.pending}>
          <FormattedMessage id="polls.people.group.add" />
        </Button>
      </div>
    </form>
  );
}

/** Members of other groups cannot read a poll of a community or team. */
function isWithin(group: Group, poll: Poll): boolean {
  if (poll.scope_type === "COMMUNITY") return group.community_id === poll.scope_id;
  if (poll.scope_type === "TEAM") return group.id === poll.scope_id;
  return true;
}
