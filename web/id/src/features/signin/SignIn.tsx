import { useState, type ReactNode } from "react";
import { FormattedMessage } from "react-intl";
import { Button } from "@updspace/ui/Button";
import { boot } from "../../boot.ts";
import { AccountCard } from "../../shell/AccountCard.tsx";
import { Gate } from "../../shell/Gate.tsx";
import { SignInForm } from "./SignInForm.tsx";

/** A full navigation: the server decides what comes next, which may be the page of another host. */
const goOn = () => location.assign(boot.forms.next ?? "/account");

export function SignIn() {
  const { account, forms } = boot;
  const [other, setOther] = useState(new URLSearchParams(location.search).has("other"));
  if (account && forms.again && !other) {
    return (
      <Gate title={<FormattedMessage id="signin.again" />} lead={<AgainLead />}>
        <AccountCard account={account}>
          <Button variant="quiet" size="s" onPress={() => setOther(true)}>
            <FormattedMessage id="signin.other" />
          </Button>
        </AccountCard>
        <SignInForm email={account.email} onlyPassword formToken={forms.form_token} onDone={goOn} />
        <NoPassword />
      </Gate>
    );
  }
  return (
    <Gate title={<Title />} lead={<FormattedMessage id={forms.client ? "signin.leadBack" : "signin.lead"} />}>
      <SignInForm email={other ? "" : forms.email} formToken={forms.form_token} onDone={goOn} />
      <NoPassword />
    </Gate>
  );
}

function Title() {
  const { tenant, forms } = boot;
  if (tenant) return <FormattedMessage id="signin.titleTenant" values={{ name: <bdi>{tenant.name}</bdi> }} />;
  if (forms.client) return <FormattedMessage id="signin.titleClient" values={{ name: <bdi>{forms.client.name}</bdi> }} />;
  return <FormattedMessage id="signin.title" />;
}

function AgainLead() {
  const name = boot.tenant?.name ?? boot.forms.client?.name;
  if (name === undefined) return <FormattedMessage id="signin.againLead" />;
  return <FormattedMessage id="signin.againLeadFor" values={{ name: <bdi>{name}</bdi> }} />;
}

/** Links by mail are asked for on the community's own host. */
function NoPassword() {
  const { tenant, forms } = boot;
  const page = tenant && forms.client ? `${location.protocol}//${forms.client.host}/` : undefined;
  const link = (words: ReactNode) =>
    page === undefined ? (
      words
    ) : (
      <a className="link" href={page}>
        {words}
      </a>
    );
  return (
    <p className="small muted">
      <FormattedMessage id="signin.noPassword" values={{ link }} />
    </p>
  );
}
