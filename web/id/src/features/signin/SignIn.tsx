import { Mail } from "lucide-react";
import { useState } from "react";
import { FormattedMessage } from "react-intl";
import { Button } from "@updspace/ui/Button";
import { LinkButton } from "@updspace/ui/LinkButton";
import { boot } from "../../boot.ts";
import { AccountCard } from "../../shell/AccountCard.tsx";
import { Gate } from "../../shell/Gate.tsx";
import { ExternalFailure, ExternalSignIn } from "./ExternalSignIn.tsx";
import { outcomeOf } from "./outcome.ts";
import { PasskeySignIn } from "./PasskeySignIn.tsx";
import { PendingStep } from "./PendingStep.tsx";
import { SignInForm } from "./SignInForm.tsx";

/** A full navigation: the server decides what comes next, which may be the page of another host. */
const goOn = () => location.assign(boot.forms.next ?? "/account");

export function SignIn() {
  const { account, forms } = boot;
  const [other, setOther] = useState(new URLSearchParams(location.search).has("other"));
  const [pending] = useState(() => outcomeOf(location.search).second);
  const providers = forms.providers ?? [];
  if (pending) {
    return (
      <Gate title={<Title />}>
        <PendingStep onDone={goOn} />
      </Gate>
    );
  }
  if (account && forms.again && !other) {
    return (
      <Gate title={<FormattedMessage id="signin.again" />} lead={<AgainLead />}>
        <AccountCard account={account}>
          <Button variant="quiet" size="s" onPress={() => setOther(true)}>
            <FormattedMessage id="signin.other" />
          </Button>
        </AccountCard>
        <div className="vstack s">
          <ExternalFailure />
          <SignInForm email={account.email} onlyPassword formToken={forms.form_token} onDone={goOn}>
            {providers
              .filter((p) => account.oauth_providers.includes(p.id))
              .map((p) => (
                <ExternalSignIn key={p.id} provider={p} />
              ))}
            <NoPassword />
            <Forgotten />
          </SignInForm>
        </div>
      </Gate>
    );
  }
  return (
    <Gate title={<Title />} lead={<FormattedMessage id={forms.client ? "signin.leadBack" : "signin.lead"} />}>
      <div className="vstack s">
        <ExternalFailure />
        <SignInForm email={other ? "" : forms.email} formToken={forms.form_token} onDone={goOn}>
          <PasskeySignIn onDone={goOn} />
          {providers.map((p) => (
            <ExternalSignIn key={p.id} provider={p} />
          ))}
          <NoPassword />
          <Forgotten />
          <NoAccount />
        </SignInForm>
      </div>
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

/** The way to a new password, or to a first one. */
function Forgotten() {
  return (
    <p className="small">
      <a className="link" href="/reset">
        <FormattedMessage id="signin.forgotten" />
      </a>
    </p>
  );
}

/** The way to an account, where the community that sent the person takes sign-ups. */
function NoAccount() {
  if (boot.tenant?.membership !== "open") return null;
  return (
    <p className="small">
      <a className="link" href={`/signup?${new URLSearchParams({ next: boot.forms.next ?? "/account" })}`}>
        <FormattedMessage id="signin.signUp" />
      </a>
    </p>
  );
}

/** Links by mail are asked for on the community's own host. */
function NoPassword() {
  const { tenant, forms } = boot;
  if (!tenant || !forms.client)
    return (
      <p className="small muted">
        <FormattedMessage id="signin.noPassword" />
      </p>
    );
  return (
    <LinkButton href={`${location.protocol}//${forms.client.host}/sign-in`} size="big" wide external>
      <Mail className="i s" aria-hidden="true" />
      <FormattedMessage id="signin.byMail" />
    </LinkButton>
  );
}
