import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ApiError, ok } from "@updspace/kit/answer.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Checkbox } from "@updspace/ui/Checkbox";
import { LinkButton } from "@updspace/ui/LinkButton";
import { identity, orSignIn } from "../../api.ts";
import { signInAddress, type Account, type AuthorizationPrompt } from "../../boot.ts";
import { AccountCard } from "../../shell/AccountCard.tsx";
import { Gate } from "../../shell/Gate.tsx";
import { ScopeRow } from "./ScopeRow.tsx";

interface ConsentProps {
  prompt: AuthorizationPrompt;
  /** Where the browser goes afterwards. */
  host: string | undefined;
  account: Account;
}

/** An application asks for the account: what for, in plain words, and two ways to answer. */
export function Consent({ prompt, host, account }: ConsentProps) {
  const intl = useIntl();
  const { client, request_id, scopes } = prompt;
  const [refused, setRefused] = useState<readonly string[]>([]);
  const [remember, setRemember] = useState(true);
  const leave = ({ redirect_uri }: { redirect_uri: string }) => location.assign(redirect_uri);
  const allow = useAction({
    run: (_: void, headers) => {
      const granted = scopes.map((s) => s.name).filter((name) => !refused.includes(name));
      return ok(identity.POST("/oauth/authorize/approve", { body: { request_id, scopes: granted, remember }, headers })).catch(orSignIn);
    },
    onDone: leave,
  });
  const deny = useAction({
    run: (_: void, headers) => ok(identity.POST("/oauth/authorize/deny", { body: { request_id }, headers })).catch(orSignIn),
    onDone: leave,
  });
  const error = allow.error ?? deny.error;
  const over = error instanceof ApiError && ["REQUEST_EXPIRED", "REQUEST_NOT_FOUND"].includes(error.code);
  const name = <bdi>{client.name}</bdi>;
  return (
    <Gate
      title={<FormattedMessage id="consent.title" values={{ name }} />}
      lead={host && <FormattedMessage id="consent.host" values={{ host: <bdi className="strong">{host}</bdi> }} />}
    >
      <AccountCard account={account}>
        <LinkButton href={signInAddress(true)} variant="quiet" size="s" external>
          <FormattedMessage id="signin.other" />
        </LinkButton>
      </AccountCard>
      <section className="vstack s" aria-labelledby="scopes">
        <h2 id="scopes">
          <FormattedMessage id="consent.scopes" />
        </h2>
        <ul className="card rows">
          {scopes.map((scope) => (
            <ScopeRow
              key={scope.name}
              scope={scope}
              allowed={!refused.includes(scope.name)}
              onChange={(allowed) => setRefused(allowed ? refused.filter((n) => n !== scope.name) : [...refused, scope.name])}
            />
          ))}
        </ul>
      </section>
      <div className="vstack s">
        <Checkbox label={intl.formatMessage({ id: "consent.remember" })} checked={remember} onChange={setRemember} />
        <ActionError error={error} />
        {over ? (
          <Button variant="primary" size="big" wide onPress={() => location.reload()}>
            <FormattedMessage id="consent.askAgain" />
          </Button>
        ) : (
          <>
            <Button variant="primary" size="big" wide pending={allow.pending} disabled={deny.pending} onPress={() => allow.start()}>
              <FormattedMessage id="consent.allow" />
            </Button>
            <Button size="big" wide pending={deny.pending} disabled={allow.pending} onPress={() => deny.start()}>
              <FormattedMessage id="consent.deny" />
            </Button>
          </>
        )}
      </div>
    </Gate>
  );
}
