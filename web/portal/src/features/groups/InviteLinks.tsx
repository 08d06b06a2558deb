import { ok, portal } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import type { Group } from "@updspace/kit/groups.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { PersonName } from "@updspace/kit/people.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time, Until, useNow } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { CopyField } from "@updspace/ui/CopyField";
import { Select } from "@updspace/ui/Select";
import { Link2 } from "lucide-react";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import style from "./groups.module.css";
import { linkState } from "./links.ts";
import { groupStale, linkPages, type InviteLink } from "./queries.ts";
import { inDays } from "./spans.ts";

const days = ["1", "7", "14", "30", "90"] as const;
const uses = ["1", "5", "10", "50", "any"] as const;

interface LinkDraft {
  days: (typeof days)[number];
  uses: (typeof uses)[number];
}

/** Links that let in everyone who opens one. The token is shown once, when the link is made. */
export function InviteLinks({ group }: { group: Group }) {
  const intl = useIntl();
  const [draft, setDraft] = useState<LinkDraft>({ days: "14", uses: "any" });
  const [address, setAddress] = useState<string>();
  const query = usePages(linkPages(group.id));
  const create = useAction({
    run: (input: LinkDraft, headers) =>
      ok(
        portal.POST("/api/v1/portal/groups/{group_id}/invite-links", {
          params: { path: { group_id: group.id } },
          body: { max_uses: input.uses === "any" ? null : Number(input.uses), expires_at: inDays(Number(input.days)) },
          headers,
        }),
      ),
    stale: groupStale,
    onDone: ({ token }) => setAddress(`${location.origin}/join#${token}`),
  });
  const errors = fieldErrors(intl, create.error);
  return (
    <section className="card" aria-labelledby="invite-links">
      <div className="card-head">
        <h2 id="invite-links">
          <FormattedMessage id="groups.links" />
        </h2>
      </div>
      <div className={`pad ${style["invite"]}`}>
        <Select
          label={intl.formatMessage({ id: "groups.link.days" })}
          value={draft.days}
          onChange={(d) => setDraft({ ...draft, days: d })}
          choices={days.map((d) => ({ id: d, name: intl.formatMessage({ id: "groups.days" }, { count: Number(d) }) }))}
          error={errors["expires_at"]}
        />
        <Select
          label={intl.formatMessage({ id: "groups.link.uses" })}
          value={draft.uses}
          onChange={(u) => setDraft({ ...draft, uses: u })}
          choices={uses.map((u) => ({
            id: u,
            name:
              u === "any"
                ? intl.formatMessage({ id: "groups.link.any" })
                : intl.formatMessage({ id: "groups.link.people" }, { count: Number(u) }),
          }))}
          error={errors["max_uses"]}
        />
        <Button pending={create.pending} onPress={() => create.start(draft)}>
          <Link2 className="i s" aria-hidden="true" />
          <FormattedMessage id="groups.link.create" />
        </Button>
        <div className={style["wide"]}>
          <ActionError error={create.error} />
          {address !== undefined && (
            <div className="vstack s" role="status">
              <CopyField
                label={intl.formatMessage({ id: "groups.link.new" })}
                value={address}
                copy={intl.formatMessage({ id: "action.copy" })}
                copied={intl.formatMessage({ id: "action.copied" })}
              />
              <p className="small muted">
                <FormattedMessage id="groups.link.once" />
              </p>
            </div>
          )}
        </div>
      </div>
      <PagedList
        query={query}
        empty={
          <p className="small muted pad">
            <FormattedMessage id="groups.links.none" />
          </p>
        }
      >
        {(links) => (
          <ul className="rows">
            {links.map((l) => (
              <LinkRow key={l.id} group={group} link={l} />
            ))}
          </ul>
        )}
      </PagedList>
    </section>
  );
}

function LinkRow({ group, link }: { group: Group; link: InviteLink }) {
  const intl = useIntl();
  const [asking, setAsking] = useState(false);
  const state = linkState(link, useNow());
  const revoke = useAction({
    run: (_: void, headers) =>
      ok(
        portal.DELETE("/api/v1/portal/groups/{group_id}/invite-links/{link_id}", {
          params: { path: { group_id: group.id, link_id: link.id } },
          headers,
        }),
      ),
    stale: groupStale,
    done: intl.formatMessage({ id: "groups.link.revoked" }),
    onDone: () => setAsking(false),
  });
  return (
    <li className="row">
      <Link2 className="i" aria-hidden="true" />
      <div className="grow">
        <p className="strong">
          <FormattedMessage id="groups.link.used" values={{ uses: link.uses, max: link.max_uses ?? 0 }} />
        </p>
        <p className="small muted line dots">
          <span>
            <FormattedMessage
              id="groups.link.by"
              values={{ person: <PersonName id={link.created_by} />, time: <Time at={link.created_at} /> }}
            />
          </span>
          {state === "open" && (
            <span>
              <Until at={link.expires_at} />
            </span>
          )}
        </p>
      </div>
      {state === "open" ? (
        <Button size="s" variant="quiet" onPress={() => setAsking(true)}>
          <FormattedMessage id="groups.link.revoke" />
        </Button>
      ) : (
        <span className="state quiet">
          <FormattedMessage id={`groups.link.${state}`} />
        </span>
      )}
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={intl.formatMessage({ id: "groups.link.revoke.title" })}
        action={intl.formatMessage({ id: "groups.link.revoke" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={revoke.pending}
        onConfirm={() => revoke.start()}
      >
        <FormattedMessage id="groups.link.revoke.text" />
        <ActionError error={revoke.error} />
      </Confirm>
    </li>
  );
}
