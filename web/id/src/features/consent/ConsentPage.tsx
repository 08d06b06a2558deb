import { boot } from "../../boot.ts";
import { Missing } from "../../shell/Missing.tsx";
import { Consent } from "./Consent.tsx";

/** Without a question of the server there is nothing to consent to. */
export function ConsentPage() {
  const { authorize, client } = boot.forms;
  if (!authorize || !boot.account) return <Missing />;
  return <Consent prompt={authorize} host={client?.host} account={boot.account} />;
}
