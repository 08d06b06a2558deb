import { events, ok } from "@updspace/kit/api.ts";

const few = 3;

/** The next dates of the calendar: of all that the person may see, or of one community or team. */
export const nextEventsQuery = (group?: { kind: "COMMUNITY" | "TEAM"; id: string }) => ({
  queryKey: ["/api/v1/events", "next", group?.id ?? ""],
  queryFn: async ({ signal }: { signal: AbortSignal }) => {
    const scope = group && { scope_type: group.kind, scope_id: group.id };
    const query = { ...scope, from: new Date().toISOString(), status: "scheduled" as const, limit: few };
    return (await ok(events.GET("/api/v1/events", { params: { query }, signal }))).items;
  },
});
