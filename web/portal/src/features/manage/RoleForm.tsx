import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { access, ok } from "@updspace/kit/api.ts";
import { atField, Form, FormText, standardSchemaResolver, useForm } from "@updspace/kit/forms.tsx";
import { serviceName } from "@updspace/kit/permissionWords.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { rules } from "@updspace/kit/rules.ts";
import { Button } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { Select } from "@updspace/ui/Select";
import { useController } from "react-hook-form";
import { FormattedMessage, useIntl } from "react-intl";
import * as v from "valibot";
import { rolesKey, rolesQuery, type Role } from "./queries.ts";
import { services } from "./roles.ts";

export interface NewRole {
  /** The role to copy; a new one starts without permissions. */
  from?: Role;
  name: string;
  /** Chosen already, and not to be changed: the role of members. */
  fixed?: boolean;
}

interface RoleFormProps {
  /** What to make, or the role to rename; closed when undefined. */
  make: NewRole | undefined;
  rename?: Role;
  title: string;
  onClose: () => void;
}

/** Makes a role, copies one, or renames one. Its permissions are switched on its page. */
export function RoleForm({ make, rename, title, onClose }: RoleFormProps) {
  const intl = useIntl();
  return (
    <Dialog open={make !== undefined} onClose={onClose} title={title} closeLabel={intl.formatMessage({ id: "action.close" })}>
      {make && <Fields make={make} rename={rename} onClose={onClose} />}
    </Dialog>
  );
}

function Fields({ make, rename, onClose }: { make: NewRole; rename: Role | undefined; onClose: () => void }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { text } = rules(intl);
  const schema = v.object({ name: text({ required: true, max: 128 }), service: v.picklist(services) });
  const service = services.find((s) => s === (rename ?? make.from)?.service) ?? "portal";
  const form = useForm({ resolver: standardSchemaResolver(schema), defaultValues: { name: make.name, service } });
  const { field } = useController({ control: form.control, name: "service" });
  const save = useAction({
    run: (body: { name: string; service: string }, headers): Promise<Role> => {
      const write = { ...body, permission_keys: (rename ?? make.from)?.permission_keys ?? [] };
      const call = rename
        ? ok(access.PATCH("/api/v1/access/admin/roles/{role_id}", { params: { path: { role_id: rename.id } }, body: write, headers }))
        : ok(access.POST("/api/v1/access/admin/roles", { body: write, headers }));
      return atField(call, "ROLE_EXISTS", "name", intl.formatMessage({ id: "error.ROLE_EXISTS" }));
    },
    stale: [[rolesKey]],
    done: intl.formatMessage({ id: rename ? "manage.role.renamed" : "manage.role.made" }),
    onDone: (role) => {
      onClose();
      queries.setQueryData(rolesQuery.queryKey, (known) => known && [...known.filter((r) => r.id !== role.id), role]); // its page looks there
      void navigate({ to: "/manage/roles/$id", params: { id: String(role.id) } });
    },
  });
  return (
    <Form form={form} action={save} onSubmit={save.start}>
      {make.fixed ? (
        <p>
          <FormattedMessage id="manage.role.members" />
        </p>
      ) : (
        <FormText control={form.control} name="name" label={intl.formatMessage({ id: "manage.role.name" })} autoFocus required />
      )}
      {make.from === undefined && rename === undefined && (
        <Select
          label={intl.formatMessage({ id: "manage.role.service" })}
          help={intl.formatMessage({ id: "manage.role.service.help" })}
          value={field.value}
          onChange={field.onChange}
          choices={services.map((id) => ({ id, name: serviceName(intl, id) }))}
        />
      )}
      <div className="btns right">
        <Button onPress={onClose}>{intl.formatMessage({ id: "action.cancel" })}</Button>
        <Button type="submit" variant="primary" pending={save.pending}>
          {intl.formatMessage({ id: rename ? "action.save" : "manage.role.make" })}
        </Button>
      </div>
    </Form>
  );
}
