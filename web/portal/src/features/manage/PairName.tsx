import { roleName, serviceName } from "@updspace/kit/permissionWords.ts";
import { useIntl } from "react-intl";
import type { Mapping } from "./roleSync.ts";

/** Both roles of a pair. */
export function PairName({ of: m }: { of: Mapping }) {
  const intl = useIntl();
  return (
    <>
      <bdi>{m.discord_name}</bdi> · <bdi>{roleName(intl, m.role.name)}</bdi> ({serviceName(intl, m.role.service)})
    </>
  );
}
