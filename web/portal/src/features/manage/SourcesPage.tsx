import { useQuery } from "@tanstack/react-query";
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { Checkbox } from "@updspace/ui/Checkbox";
import { Confirm } from "@updspace/ui/Confirm";
import { CopyField } from "@updspace/ui/CopyField";
import { Dialog } from "@updspace/ui/Dialog";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { Skeleton } from "@updspace/ui/Skeleton";
import { TextField } from "@updspace/ui/TextField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { may, useSession } from "../../session.ts";
import { Refused } from "./Refused.tsx";
import { commandLine, connectorsQuery, managesSources, sourcesQuery, type Connector, type Source, type SourceSecret } from "./webhooks.ts";

/** The outside systems whose news come into the feed. */
export function SourcesPage() {
  const intl = useIntl();
  const allowed = may(useSession(), managesSources);
  const { data: sources, error, refetch } = useQuery({ ...sourcesQuery, enabled: allowed });
  const { data: connectors } = useQuery({ ...connectorsQuery, enabled: allowed });
  const [adding, setAdding] = useState<Connector>();
  const [made, setMade] = useState<SourceSecret>();
  const [asked, setAsked] = useState<{ of: Source; what: "rotate" | "delete" }>();
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
      {adding && (
        <NewSource
          connector={adding}
          onClose={() => setAdding(undefined)}
          onMade={(secret) => {
            setAdding(undefined);
            if (secret.secret !== null) setMade(secret);
          }}
        />
      )}
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

function SourceRow({ of: s, onAsk }: { of: Source; onAsk: (what: "rotate" | "delete") => void }) {
  const intl = useIntl();
  const turn = useAction({
    run: (active: boolean, headers) =>
      ok(
        activity.PATCH("/api/v1/activity/admin/sources/{source_id}", { params: { path: { source_id: s.id } }, body: { active }, headers }),
      ),
    stale,
  });
  return (
    <li className="row">
      <div className="grow">
        <span className="strong">{s.name}</span>
        <div className="small muted line dots">
          <span>
            <FormattedMessage id={`manage.sources.kind.${s.kind}`} />
          </span>
          {s.host !== null && <span>{s.host}</span>}
          {s.last_at !== null && (
            <span>
              <FormattedMessage id="manage.sources.last" values={{ at: <Time at={s.last_at} /> }} />
            </span>
          )}
          {s.last_error !== null && (
            <span className="error">
              <FormattedMessage id="manage.sources.error" values={{ error: s.last_error }} />
            </span>
          )}
        </div>
        <ActionError error={turn.error} />
      </div>
      <Checkbox label={intl.formatMessage({ id: "manage.sources.on" })} checked={s.active} onChange={turn.start} />
      {s.path !== null && (
        <Button size="s" onPress={() => onAsk("rotate")}>
          <FormattedMessage id="manage.secret.rotate" />
        </Button>
      )}
      <Button size="s" onPress={() => onAsk("delete")}>
        <FormattedMessage id="manage.delete" />
      </Button>
    </li>
  );
}

interface NewSourceProps {
  connector: Connector;
  onClose: () => void;
  onMade: (made: SourceSecret) => void;
}

function NewSource({ connector, onClose, onMade }: NewSourceProps) {
  const intl = useIntl();
  const [name, setName] = useState("");
  const [url, setURL] = useState("https://");
  const [types, setTypes] = useState(connector.types.join(" "));
  const [missing, setMissing] = useState(false);
  const create = useAction({
    run: (_: void, headers) =>
      ok(
        activity.POST("/api/v1/activity/admin/sources", {
          body: {
            kind: connector.kind,
            name,
            ...(connector.polls && { url }),
            ...(connector.receives && { types: types.split(/[\s,]+/).filter((t) => t !== "") }),
          },
          headers,
        }),
      ),
    stale,
    onDone: onMade,
  });
  const errors = fieldErrors(intl, create.error);
  const required = missing && name.trim() === "" ? intl.formatMessage({ id: "field.REQUIRED" }) : undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: `manage.sources.kind.${connector.kind}` })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault();
          if (name.trim() === "") setMissing(true);
          else create.start();
        }}
      >
        <TextField
          label={intl.formatMessage({ id: "manage.webhooks.name" })}
          value={name}
          onChange={setName}
          maxLength={100}
          error={errors.name ?? required}
        />
        {connector.polls && (
          <TextField
            label={intl.formatMessage({ id: "manage.sources.url" })}
            value={url}
            onChange={setURL}
            inputMode="url"
            maxLength={2048}
            error={errors.url}
          />
        )}
        {connector.receives && (
          <TextField
            label={intl.formatMessage({ id: "manage.sources.types" })}
            help={intl.formatMessage({ id: "manage.sources.types.help" })}
            value={types}
            onChange={setTypes}
            error={errors.types}
          />
        )}
        <ActionError error={create.error} />
        <div className="btns">
          <Button type="submit" variant="primary" pending={create.pending}>
            <FormattedMessage id="manage.sources.add" />
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Rotate({ of: s, onClose, onMade }: { of: Source; onClose: () => void; onMade: (made: SourceSecret) => void }) {
  const intl = useIntl();
  const rotate = useAction({
    run: (_: void, headers) =>
      ok(activity.POST("/api/v1/activity/admin/sources/{source_id}/rotate-secret", { params: { path: { source_id: s.id } }, headers })),
    stale,
    onDone: onMade,
  });
  return (
    <Confirm
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "manage.secret.rotate" })}
      action={intl.formatMessage({ id: "manage.secret.rotate" })}
      cancel={intl.formatMessage({ id: "action.cancel" })}
      pending={rotate.pending}
      onConfirm={() => rotate.start()}
    >
      <p>
        <FormattedMessage id="manage.secret.rotate.text" />
      </p>
      <ActionError error={rotate.error} />
    </Confirm>
  );
}

function Delete({ of: s, onClose }: { of: Source; onClose: () => void }) {
  const intl = useIntl();
  const remove = useAction({
    run: (_: void, headers) =>
      ok(activity.DELETE("/api/v1/activity/admin/sources/{source_id}", { params: { path: { source_id: s.id } }, headers })),
    stale,
    done: intl.formatMessage({ id: "manage.sources.deleted" }),
    onDone: onClose,
  });
  return (
    <Confirm
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "manage.sources.delete" }, { name: s.name })}
      action={intl.formatMessage({ id: "manage.delete" })}
      cancel={intl.formatMessage({ id: "action.cancel" })}
      danger
      pending={remove.pending}
      onConfirm={() => remove.start()}
    >
      <p>
        <FormattedMessage id="manage.sources.delete.text" />
      </p>
      <ActionError error={remove.error} />
    </Confirm>
  );
}

/** What the other system needs: the address, the secret, and a line to try it with. */
function Connect({ made, onClose }: { made: SourceSecret; onClose: () => void }) {
  const intl = useIntl();
  const address = window.location.origin + made.source.path;
  const words = { copy: intl.formatMessage({ id: "action.copy" }), copied: intl.formatMessage({ id: "action.copied" }) };
  return (
    <Dialog open onClose={onClose} title={made.source.name} closeLabel={intl.formatMessage({ id: "action.close" })} wide>
      <p>
        <FormattedMessage id="manage.secret.text" />
      </p>
      <CopyField label={intl.formatMessage({ id: "manage.sources.address" })} value={address} {...words} />
      <CopyField label={intl.formatMessage({ id: "manage.secret" })} value={made.secret ?? ""} {...words} />
      <p>
        <FormattedMessage id="manage.sources.try" />
      </p>
      <CopyField
        label={intl.formatMessage({ id: "manage.sources.try" })}
        value={commandLine(address, made.secret_hex ?? "", made.source.types[0] ?? "")}
        {...words}
      />
    </Dialog>
  );
}
