import { useSuspenseQuery } from "@tanstack/react-query";
import { permissionName, serviceName } from "@updspace/kit/permissionWords.ts";
import { Select } from "@updspace/ui/Select";
import { useIntl } from "react-intl";
import { permissionsQuery } from "./queries.ts";

/** Stands for every permission at once. */
export const every = "every";

interface PermissionFieldProps {
  value: string;
  onChange: (permission: string) => void;
  /** Offers all of them as one, too. */
  orEvery?: boolean;
  error?: string | undefined;
}

export function PermissionField({ value, onChange, orEvery, error }: PermissionFieldProps) {
  const intl = useIntl();
  const { data } = useSuspenseQuery(permissionsQuery);
  return (
    <Select
      label={intl.formatMessage({ id: "manage.permission" })}
      value={value}
      onChange={onChange}
      error={error}
      placeholder={intl.formatMessage({ id: "manage.permission.choose" })}
      choices={[
        ...(orEvery ? [{ id: every, name: intl.formatMessage({ id: "manage.permission.every" }) }] : []),
        ...data.map((p) => ({ id: p.key, name: permissionName(intl, p.key, p.description), help: serviceName(intl, p.service) })),
      ]}
    />
  );
}
