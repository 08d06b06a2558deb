import { useQueryClient } from "@tanstack/react-query";
import { ok, portal } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Cover } from "@updspace/ui/Cover";
import { Crowd } from "@updspace/ui/Crowd";
import { Switch } from "@updspace/ui/Switch";
import { FormattedMessage, useIntl } from "react-intl";
import { boot } from "../../session.ts";
import style from "./settings.module.css";
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
  const listed = save.pending ? !profile.listed_to_guests : profile.listed_to_guests;
  const { tenant } = boot;
  return (
    <section className={`card ${style["guests"]}`} aria-label={intl.formatMessage({ id: "settings.part.guests" })}>
      {tenant && (
        <Cover
          id={tenant.id}
          label={tenant.name}
          src={tenant.cover_url}
          colours="page"
          size="slim"
          front={listed && <Crowd ids={[profile.user_id]} />}
        >
          <p className="strong">
            <FormattedMessage id={listed ? "settings.guests.shown" : "settings.guests.hidden"} />
          </p>
        </Cover>
      )}
      <Switch
        label={intl.formatMessage({ id: "settings.guests" })}
        help={intl.formatMessage({ id: "settings.guests.help" })}
        checked={listed}
        onChange={save.start}
      />
      <ActionError error={save.error} />
    </section>
  );
}
