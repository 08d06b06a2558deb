import { GroupTag, useGroupColours } from "@updspace/kit/groups.tsx";
import { Flag } from "@updspace/ui/Flag";
import { boot } from "../../session.ts";
import type { EventDate } from "./queries.ts";

type Scoped = Pick<EventDate, "scopeType" | "scopeId">;

/** The class and style that give an element the colours of the community or team; those of the space are the page's. */
export const useColours = ({ scopeType, scopeId }: Scoped) => useGroupColours(scopeType === "TENANT" ? undefined : scopeId);

/** Where the event belongs: the tag of its community or team, or the name of the space. */
export function EventPlace({ event }: { event: Scoped }) {
  if (event.scopeType !== "TENANT") return <GroupTag id={event.scopeId} />;
  return (
    <span className="line nowrap small">
      <Flag id={boot.tenant?.id ?? ""} of="tenant" size="s" src={boot.tenant?.logo_url} colours={boot.tenant ?? undefined} />
      <bdi>{boot.tenant?.name}</bdi>
    </span>
  );
}
