import { useQuery } from "@tanstack/react-query";
import { groupQuery, groupColours } from "@updspace/kit/groups.tsx";
import { Flag } from "@updspace/ui/Flag";
import { useIntl } from "react-intl";
import { boot } from "../../session.ts";
import type { Poll } from "./types.ts";

type Scoped = Pick<Poll, "scope_type" | "scope_id">;

/** The community or team whose poll it is; undefined for others, for those that I may not see, and while it is loaded. */
export function useGroup({ scope_type, scope_id }: Scoped) {
  const isGroup = scope_type === "COMMUNITY" || scope_type === "TEAM";
  return useQuery({ ...groupQuery(scope_id), enabled: isGroup }).data;
}

export function usePlaceName(poll: Scoped): string {
  const intl = useIntl();
  const group = useGroup(poll);
  if (poll.scope_type === "COMMUNITY") return group?.name ?? intl.formatMessage({ id: "polls.place.community" });
  if (poll.scope_type === "TEAM") return group?.name ?? intl.formatMessage({ id: "polls.place.team" });
  return boot.tenant?.name ?? "";
}

export function PlaceFlag({ poll }: { poll: Scoped }) {
  const group = useGroup(poll);
  if (poll.scope_type === "COMMUNITY" || poll.scope_type === "TEAM") {
    const of = poll.scope_type === "COMMUNITY" ? "community" : "team";
    return <Flag id={poll.scope_id} of={of} size="s" colours={group && groupColours(group)} />;
  }
  return <Flag id={boot.tenant?.id ?? ""} of="tenant" size="s" src={boot.tenant?.logo_url} colours={boot.tenant ?? undefined} />;
}

/** The flag and the name of where a poll belongs. */
export function Place({ poll }: { poll: Scoped }) {
  return (
    <span className="line nowrap">
      <PlaceFlag poll={poll} />
      <bdi>{usePlaceName(poll)}</bdi>
    </span>
  );
}
