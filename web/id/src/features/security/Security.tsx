import { useIntl } from "react-intl";
import { PageHead } from "@updspace/ui/PageHead";
import { PasswordSection } from "../passwords/PasswordSection.tsx";
import { Factors, Score } from "./Factors.tsx";

/** The ways to sign in to the account. */
export function Security() {
  const intl = useIntl();
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "nav.security" })} />
      <Score />
      <PasswordSection />
      <Factors />
    </>
  );
}
