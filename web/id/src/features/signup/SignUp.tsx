import { useState } from "react";
import { FormattedMessage } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { LinkButton } from "@updspace/ui/LinkButton";
import { identity, orSignIn } from "../../api.ts";
import { boot, type Account } from "../../boot.ts";
import { AccountCard } from "../../shell/AccountCard.tsx";
import { Gate } from "../../shell/Gate.tsx";
import { SignUpForm } from "./SignUpForm.tsx";

/** Makes an account, and a member of the community that the person comes from. Nothing exists before the address is confirmed. */
export function SignUp() {
  const { account, tenant, forms } = boot;
  const [sentTo, setSentTo] = useState<string>();
  const name = <bdi>{tenant?.name}</bdi>;
  if (!tenant || forms.form_token === undefined) return <Closed />;
  if (account) return <Join account={account} slug={tenant.slug} name={name} />;
  if (sentTo !== undefined)
    return (
      <Gate
        title={<FormattedMessage id="signup.sent" />}
        lead={<FormattedMessage id="signup.sent.lead" values={{ email: <bdi>{sentTo}</bdi> }} />}
      >
        <Button size="big" wide onPress={() => setSentTo(undefined)}>
          <FormattedMessage id="signup.again" />
        </Button>
      </Gate>
    );
  return (
    <Gate title={<FormattedMessage id="signup.title" values={{ name }} />} lead={<FormattedMessage id="signup.lead" />}>
      <div className="vstack s">
        <SignUpForm tenant={tenant.slug} email={forms.email} formToken={forms.form_token} onDone={setSentTo} />
        <p className="small">
          <a className="link" href={signInPage()}>
            <FormattedMessage id="signup.haveAccount" />
          </a>
        </p>
      </div>
    </Gate>
  );
}

function signInPage(): string {
  return `/login?${new URLSearchParams({ next: boot.forms.next ?? "/account" })}`;
}

/** The community takes no sign-ups, or it is not known which one is meant. */
function Closed() {
  const { tenant, forms } = boot;
  const applies = tenant?.membership === "application" && forms.client;
  return (
    <Gate
      title={<FormattedMessage id="signup.closed" />}
      lead={
        tenant ? (
          <FormattedMessage id={`signup.closed.${tenant.membership}`} values={{ name: <bdi>{tenant.name}</bdi> }} />
        ) : (
          <FormattedMessage id="signup.closed.unknown" />
        )
      }
    >
      {applies && (
        <LinkButton href={`${location.protocol}//${applies.host}/apply`} variant="primary" size="big" wide external>
          <FormattedMessage id="signup.apply" />
        </LinkButton>
      )}
      <LinkButton href={signInPage()} size="big" wide external>
        <FormattedMessage id="signin.button" />
      </LinkButton>
    </Gate>
  );
}

interface JoinProps {
  account: Account;
  slug: string;
  name: React.ReactNode;
}

/** Who is signed in needs no second account. */
function Join({ account, slug, name }: JoinProps) {
  const join = useAction({
    run: (_: void, headers) => ok(identity.POST("/api/v1/auth/signup/join", { body: { tenant: slug }, headers })).catch(orSignIn),
    onDone: ({ next }) => location.assign(next),
  });
  return (
    <Gate title={<FormattedMessage id="signup.join" values={{ name }} />} lead={<FormattedMessage id="signup.join.lead" />}>
      <AccountCard account={account} />
      <div className="vstack s">
        <ActionError error={join.error} />
        <Button variant="primary" size="big" wide pending={join.pending} onPress={() => join.start()}>
          <FormattedMessage id="signup.join.button" />
        </Button>
      </div>
    </Gate>
  );
}
