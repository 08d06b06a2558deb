// Permissions and roles in words. What the platform's catalogue knows has sentences in messages (permission.KEY); for a permission that
// is newer than this page the server's own description stands in.
import type { IntlShape } from "react-intl";
import { known } from "./errors.tsx";

export function permissionName(intl: IntlShape, key: string, description = key): string {
  const id = `permission.${key}`;
  return known(intl, id) ? intl.formatMessage({ id }) : description;
}

/** What holding it means, beyond its name. */
export function permissionEffect(intl: IntlShape, key: string): string | undefined {
  const id = `permission.${key}.effect`;
  return known(intl, id) ? intl.formatMessage({ id }) : undefined;
}

export function serviceName(intl: IntlShape, service: string): string {
  const id = `service.${service}`;
  return known(intl, id) ? intl.formatMessage({ id }) : service;
}

/** The name of a role. The platform's own three are translated; other names are what people have typed. */
export function roleName(intl: IntlShape, name: string): string {
  const id = `role.template.${name}`;
  return known(intl, id) ? intl.formatMessage({ id }) : name;
}

/** The service that a permission or a role belongs to. */
export function serviceOf(permission: string): string {
  return permission.slice(0, permission.indexOf("."));
}
