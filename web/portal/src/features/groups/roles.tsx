import { Crown, Shield } from "lucide-react";
import { FormattedMessage } from "react-intl";
import type { Role } from "./queries.ts";

/** The role of a member as a tag; ordinary members have none. */
export function RoleTag({ role }: { role: Role }) {
  if (role === "member") return null;
  const Icon = role === "owner" ? Crown : Shield;
  return (
    <span className="tag">
      <Icon className="i s" aria-hidden="true" />
      <FormattedMessage id={`groups.role.${role}`} />
    </span>
  );
}
