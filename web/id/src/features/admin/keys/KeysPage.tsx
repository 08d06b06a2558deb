import { useSuspenseQuery } from "@tanstack/react-query";
import { useIntl } from "react-intl";
import { PageHead } from "@updspace/ui/PageHead";
import { keysQuery } from "./queries.ts";
import { SealKeys } from "./SealKeys.tsx";
import { SigningKeys } from "./SigningKeys.tsx";

/** The keys that sign tokens and those that seal secrets. */
export function KeysPage() {
  const intl = useIntl();
  const { data } = useSuspenseQuery(keysQuery);
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "admin.keys" })} sub={intl.formatMessage({ id: "admin.keys.sub" })} />
      <SigningKeys keys={data.signing} />
      <SealKeys keys={data.seal} />
    </>
  );
}
