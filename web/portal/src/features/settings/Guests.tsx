import { useQueryClient } from "@tanstack/react-query";
import { ok, portal } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Switch } from "@updspace/ui/Switch";
import { useIntl } from "react-intl";
import { myProfileQuery, profileStale, type Profile } from "./queries.ts";

/** Whether people who are not signed in see one's name and public posts. */
export function Guests({ profile }: { profile: Profile }) {
  const intl = useIntl();
  const client = useQueryClient();
  const save = useAction({
    run: (listed: boolean, headers) => ok(portal.PATCH("/api/v1/portal/me", { body: { listed_to_guests: listed }, headers })),
    stale: profileStale,
    done: (p) => intl.formatMessage({ id: p.listed_to_guests ? "settings.guests.on" : "settings.guests.off" }),
    onDone: (p) => client.setQueryData(myProfileQuery.queryKey, p),
  });
  return (
    <section className="card" aria-label={intl.formatMessage({ id: "settings.part.guests" })}>
      <Switch
        label={intl.formatMessage({ id: "settings.guests" })}
        help={intl.formatMessage({ id: "settings.guests.help" })}
        checked={save.pending ? !profile.listed_to_guests : profile.listed_to_guests}
        onChange={save.start}
      />
      <ActionError error={save.error} />
    </section>
  );
}
