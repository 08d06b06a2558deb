import { useQuery } from "@tanstack/react-query";
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { groupQuery } from "@updspace/kit/groups.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Checkbox } from "@updspace/ui/Checkbox";
import { Dialog } from "@updspace/ui/Dialog";
import { TextField } from "@updspace/ui/TextField";
import { useState } from "react";
import { useIntl } from "react-intl";
import { useSession } from "../../session.ts";
import { PlaceFields, scopeAt, wholeSpace, type Place } from "./PlaceFields.tsx";
import { sourcesQuery, type Connector, type Source, type SourceSecret } from "./webhooks.ts";

const stale = [sourcesQuery.queryKey];

interface Values {
  name: string;
  /** Of what is asked; empty to leave it as it is. */
  url: string;
  /** Separated by spaces or commas. */
  types: string;
  place: Place;
  /** Only members of the place see what comes. */
  inner: boolean;
}

/** Whether the types of messages are chosen: commands of Discord have none. */
const takesTypes = ({ receives, kind }: Connector) => receives && kind !== "discord";

/** The fields that both requests have. */
function bodyOf({ name, types, place, inner }: Values, connector: Connector, tenant: string) {
  const scope = scopeAt(place, tenant);
  const scope_type = scope.type === "COMMUNITY" || scope.type === "TEAM" ? scope.type : ("TENANT" as const);
  return {
    name,
    scope_type,
    scope_id: scope.id,
    visibility: !inner ? ("public" as const) : scope_type === "TEAM" ? ("team" as const) : ("community" as const),
    ...(takesTypes(connector) && { types: types.split(/[\s,]+/).filter((t) => t !== "") }),
  };
}

interface FormProps {
  title: string;
  save: string;
  connector: Connector;
  values: Values;
  onChange: (values: Values) => void;
  error: Error | null;
  pending: boolean;
  onSave: () => void;
  onClose: () => void;
}

/** What a source is called, what is taken from it, and who sees that. */
function Form({ title, save, connector, values, onChange, error, pending, onSave, onClose }: FormProps) {
  const intl = useIntl();
  const [missing, setMissing] = useState(false);
  const errors = fieldErrors(intl, error);
  const required = missing && values.name.trim() === "" ? intl.formatMessage({ id: "field.REQUIRED" }) : undefined;
  const set = (change: Partial<Values>) => onChange({ ...values, ...change });
  return (
    <Dialog open onClose={onClose} title={title} closeLabel={intl.formatMessage({ id: "action.close" })}>
      <form
        className="vstack"
        onSubmit={(e) => {
          e.preventDefault();
          if (values.name.trim() === "") setMissing(true);
          else onSave();
        }}
      >
        <TextField
          label={intl.formatMessage({ id: "manage.webhooks.name" })}
          value={values.name}
          onChange={(name) => set({ name })}
          maxLength={100}
          error={errors["name"] ?? required}
        />
        {connector.polls && (
          <TextField
            label={intl.formatMessage({ id: "manage.sources.url" })}
            value={values.url}
            onChange={(url) => set({ url })}
            inputMode="url"
            maxLength={2048}
            error={errors["url"]}
          />
        )}
        {takesTypes(connector) && (
          <TextField
            label={intl.formatMessage({ id: "manage.sources.types" })}
            help={intl.formatMessage({ id: "manage.sources.types.help" })}
            value={values.types}
            onChange={(types) => set({ types })}
            error={errors["types"]}
          />
        )}
        <PlaceFields value={values.place} onChange={(place) => set({ place })} error={errors["scope_id"] ?? errors["scope_type"]} />
        <Checkbox label={intl.formatMessage({ id: "manage.sources.inner" })} checked={values.inner} onChange={(inner) => set({ inner })} />
        <ActionError error={error} />
        <div className="btns right">
          <Button type="submit" variant="primary" pending={pending}>
            {save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface NewSourceProps {
  connector: Connector;
  onClose: () => void;
  onMade: (made: SourceSecret) => void;
}

export function NewSource({ connector, onClose, onMade }: NewSourceProps) {
  const intl = useIntl();
  const { tenant } = useSession();
  const types = connector.types.join(" ");
  const [values, setValues] = useState<Values>({ name: "", url: "https://", types, place: wholeSpace, inner: false });
  const create = useAction({
    run: (input: Values, headers) =>
      ok(
        activity.POST("/api/v1/activity/admin/sources", {
          body: { kind: connector.kind, ...bodyOf(input, connector, tenant.id), ...(connector.polls && { url: input.url }) },
          headers,
        }),
      ),
    stale,
    onDone: onMade,
  });
  return (
    <Form
      title={intl.formatMessage({ id: `manage.sources.kind.${connector.kind}` })}
      save={intl.formatMessage({ id: "manage.sources.add" })}
      connector={connector}
      values={values}
      onChange={setValues}
      error={create.error}
      pending={create.pending}
      onSave={() => create.start(values)}
      onClose={onClose}
    />
  );
}

interface EditSourceProps {
  of: Source;
  connector: Connector;
  onClose: () => void;
}

/** Changes a source. Of a team the community must be known first. */
export function EditSource(p: EditSourceProps) {
  const { scope_type, scope_id } = p.of;
  const { data: team } = useQuery({ ...groupQuery(scope_id), enabled: scope_type === "TEAM" });
  if (scope_type === "TEAM" && !team) return null;
  const community = team?.community_id ?? scope_id;
  const place = scope_type === "TENANT" ? wholeSpace : { ...wholeSpace, community, ...(team && { team: scope_id }) };
  return <EditForm {...p} place={place} />;
}

function EditForm({ of: s, connector, place, onClose }: EditSourceProps & { place: Place }) {
  const intl = useIntl();
  const { tenant } = useSession();
  const types = s.types.join(" ");
  const [values, setValues] = useState<Values>({ name: s.name, url: "", types, place, inner: s.visibility !== "public" });
  const change = useAction({
    run: (input: Values, headers) =>
      ok(
        activity.PATCH("/api/v1/activity/admin/sources/{source_id}", {
          params: { path: { source_id: s.id } },
          body: { ...bodyOf(input, connector, tenant.id), ...(input.url !== "" && { url: input.url }) },
          headers,
        }),
      ),
    stale,
    done: intl.formatMessage({ id: "manage.sources.saved" }),
    onDone: onClose,
  });
  return (
    <Form
      title={s.name}
      save={intl.formatMessage({ id: "action.save" })}
      connector={connector}
      values={values}
      onChange={setValues}
      error={change.error}
      pending={change.pending}
      onSave={() => change.start(values)}
      onClose={onClose}
    />
  );
}
