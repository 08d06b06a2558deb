import { DoorOpen, Hand, MailOpen } from "lucide-react";
import { useIntl } from "react-intl";
import type { JoinPolicy } from "./queries.ts";

export const policyIcons = { open: DoorOpen, request: Hand, invite: MailOpen };

/** How one becomes a member, in words. */
export function Policy({ policy }: { policy: JoinPolicy }) {
  const intl = useIntl();
  return intl.formatMessage({ id: `groups.policy.${policy}` });
}
