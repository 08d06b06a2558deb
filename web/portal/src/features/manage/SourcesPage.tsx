import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button, IconButton } from "@updspace/ui/Button";
import { Checkbox } from "@updspace/ui/Checkbox";
import { EmptyState } from "@updspace/ui/EmptyState";
import { Menu, MenuItem } from "@updspace/ui/Menu";
import { PageHead } from "@updspace/ui/PageHead";
import { Skeleton } from "@updspace/ui/Skeleton";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { may, useSession } from "../../session.ts";
import { PlaceName } from "./places.tsx";
import { Refused } from "./Refused.tsx";
import { connectorsQuery, managesSources, sourcesQuery, type Connector, type Source, type SourceSecret } from "./webhooks.ts";
import { NewDiscordCommands } from "./DiscordCommands.tsx";
import { Connect, Delete, Rotate } from "./SourceDialogs.tsx";
import { EditSource, NewSource } from "./SourceForm.tsx";

type Asked = "edit" | "rotate" | "delete";

/** The outside systems whose news come into the feed. */
export function SourcesPage() {
  const intl = useIntl();
  const allowed = may(useSession(), managesSources);
  const { data: sources, error, refetch } = useQuery({ ...sourcesQuery, enabled: allowed });
  const { data: connectors } = useQuery({ ...connectorsQuery, enabled: allowed });
  const [adding, setAdding] = useState<Connector>();
  const [made, setMade] = useState<SourceSecret>();
  const [asked, setAsked] = useState<{ of: Source; what: Asked }>();
  const connector = asked?.what === "edit" && connectors?.find((c) => c.kind === asked.of.kind);
  const editing = asked && connector ? { of: asked.of, connector } : undefined;
  if (!allowed) return <Refused permission={managesSources} />;
  if (error) return <Refused permission={managesSources} error={error} retry={() => void refetch()} />;
  return (
    <>
      <PageHead
        title={intl.formatMessage({ id: "manage.sources" })}
        sub={intl.formatMessage({ id: "manage.sources.sub" })}
        back={{ href: "/manage", name: intl.formatMessage({ id: "nav.manage" }) }}
      />
      <section className="card" aria-labelledby="sources">
        <div className="card-head">
          <h2 id="sources">
            <FormattedMessage id="manage.sources.list" />
          </h2>
        </div>
        {!sources ? (
          <Skeleton label={intl.formatMessage({ id: "loading" })} rows={2} />
        ) : sources.length === 0 ? (
          <EmptyState shape="patch" title={intl.formatMessage({ id: "manage.sources.none" })}>
            <FormattedMessage id="manage.sources.none.text" />
          </EmptyState>
        ) : (
          <ul className="rows">
            {sources.map((s) => (
              <SourceRow key={s.id} of={s} onAsk={(what) => setAsked({ of: s, what })} />
            ))}
          </ul>
        )}
      </section>
      <section className="card" aria-labelledby="connectors">
        <div className="card-head">
          <h2 id="connectors">
            <FormattedMessage id="manage.sources.connectors" />
          </h2>
        </div>
        <ul className="rows">
          {connectors?.map((c) => (
            <li key={c.kind} className="row">
              <div className="grow">
                <span className="strong">
                  <FormattedMessage id={`manage.sources.kind.${c.kind}`} />
                </span>
                <span className="small muted block">
                  <FormattedMessage id={`manage.sources.about.${c.kind}`} />
                </span>
              </div>
              <Button size="s" onPress={() => setAdding(c)}>
                <FormattedMessage id="manage.sources.add" />
                <span className="vh">
                  {" "}
                  <FormattedMessage id={`manage.sources.kind.${c.kind}`} />
                </span>
              </Button>
            </li>
          ))}
        </ul>
      </section>
      {adding?.answers && <NewDiscordCommands onClose={() => setAdding(undefined)} />}
      {adding && !adding.answers && (
        <NewSource
          connector={adding}
          onClose={() => setAdding(undefined)}
          onMade={(secret) => {
            setAdding(undefined);
            if (secret.secret !== null) setMade(secret);
          }}
        />
      )}
      {editing && <EditSource of={editing.of} connector={editing.connector} onClose={() => setAsked(undefined)} />}
      {asked?.what === "rotate" && (
        <Rotate
          of={asked.of}
          onClose={() => setAsked(undefined)}
          onMade={(secret) => {
            setAsked(undefined);
            setMade(secret);
          }}
        />
      )}
      {asked?.what === "delete" && <Delete of={asked.of} onClose={() => setAsked(undefined)} />}
      {made && <Connect made={made} onClose={() => setMade(undefined)} />}
    </>
  );
}

const stale = [sourcesQuery.queryKey];

function SourceRow({ of: s, onAsk }: { of: Source; onAsk: (what: Asked) => void }) {
  const intl = useIntl();
  const turn = useAction({
    run: (active: boolean, headers) =>
      ok(
        activity.PATCH("/api/v1/activity/admin/sources/{source_id}", { params: { path: { source_id: s.id } }, body: { active }, headers }),
      ),
    stale,
  });
  const navigate = useNavigate();
  const actions = intl.formatMessage({ id: "manage.sources.actions" }, { name: s.name });
  return (
    <li className="row">
      <div className="grow">
        <bdi className="strong">{s.name}</bdi>
        <div className="small muted line dots">
          <span>
            <FormattedMessage id={`manage.sources.kind.${s.kind}`} />
          </span>
          <span>
            <PlaceName scope={{ type: s.scope_type, id: s.scope_id }} />
          </span>
          {s.host !== null && <span>{s.host}</span>}
          {s.last_at !== null && (
            <span>
              <FormattedMessage id="manage.sources.last" values={{ at: <Time at={s.last_at} /> }} />
            </span>
          )}
          {s.last_error !== null && (
            <span className="field-error">
              <FormattedMessage id="manage.sources.error" values={{ error: s.last_error }} />
            </span>
          )}
        </div>
        <ActionError error={turn.error} />
      </div>
      <Checkbox label={intl.formatMessage({ id: "manage.sources.on" })} checked={s.active} onChange={turn.start} />
      <Menu
        label={actions}
        trigger={
          <IconButton label={actions}>
            <Ellipsis className="i" aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuItem text={intl.formatMessage({ id: "manage.sources.edit" })} onAction={() => onAsk("edit")}>
          <FormattedMessage id="manage.sources.edit" />
        </MenuItem>
        {s.kind === "discord" && (
          <MenuItem
            text={intl.formatMessage({ id: "manage.rolesync.open" })}
            onAction={() => void navigate({ to: "/manage/sources/$id", params: { id: String(s.id) } })}
          >
            <FormattedMessage id="manage.rolesync.open" />
          </MenuItem>
        )}
        {s.path !== null && s.kind !== "discord" && (
          <MenuItem text={intl.formatMessage({ id: "manage.secret.rotate" })} onAction={() => onAsk("rotate")}>
            <FormattedMessage id="manage.secret.rotate" />
          </MenuItem>
        )}
        <MenuItem text={intl.formatMessage({ id: "manage.delete" })} danger onAction={() => onAsk("delete")}>
          <FormattedMessage id="manage.delete" />
        </MenuItem>
      </Menu>
    </li>
  );
}
