// Places in which a role or a right counts: the whole space, a community, a team.
import { GroupTag, useGroupName } from "@updspace/kit/groups.tsx";
import { FormattedMessage, useIntl } from "react-intl";
import type { Scope } from "./queries.ts";

/** A place in words. */
export function PlaceName({ scope }: { scope: Scope }) {
  switch (scope.type) {
    case "COMMUNITY":
    case "TEAM":
      return <GroupTag id={scope.id} />;
    case "SERVICE":
      return <FormattedMessage id="manage.place.service" values={{ service: scope.id }} />;
    default:
      return <FormattedMessage id="manage.place.whole" />;
  }
}

/** The place as plain text, for sentences. */
export function usePlaceText(scope: Scope): string {
  const intl = useIntl();
  const group = useGroupName(scope.type === "COMMUNITY" || scope.type === "TEAM" ? scope.id : null);
  return group ?? intl.formatMessage({ id: "manage.place.whole" });
}
