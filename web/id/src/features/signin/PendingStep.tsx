import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FormattedMessage } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import type { WriteHeaders } from "@updspace/kit/queries.ts";
import { LinkButton } from "@updspace/ui/LinkButton";
import { identity } from "../../api.ts";
import { boot } from "../../boot.ts";
import { NewCodes } from "./NewCodes.tsx";
import { secondStep, type Credentials, type SignedIn } from "./login.ts";
import { SecondStep } from "./SecondStep.tsx";

const send = ({ mfa_code, recovery_code, passkey_credential }: Partial<Credentials>, headers?: WriteHeaders) =>
  ok(
    identity.POST("/api/v1/auth/oauth/second-step", {
      body: {
        ...(mfa_code !== undefined && { mfa_code }),
        ...(recovery_code !== undefined && { recovery_code }),
        ...(passkey_credential !== undefined && { passkey_credential }),
      },
      ...(headers && { headers }),
    }),
  );

/** The step after an account at another service. What it takes is asked first, by showing nothing. */
export function PendingStep({ onDone }: { onDone: () => void }) {
  const { error } = useQuery({
    queryKey: ["/api/v1/auth/oauth/second-step"],
    queryFn: () => send({}),
    retry: false,
    gcTime: 0,
    staleTime: Infinity,
  });
  const [codes, setCodes] = useState<readonly string[]>();
  const done = ({ recovery_codes }: SignedIn) => (recovery_codes ? setCodes(recovery_codes) : onDone());
  const second = secondStep(error);
  if (codes) return <NewCodes codes={codes} onDone={onDone} />;
  if (second) return <SecondStep second={second} lead={<FormattedMessage id="check.leadExternal" />} send={send} onDone={done} />;
  if (!error) return null;
  return (
    <div className="vstack">
      <ActionError error={error} />
      <LinkButton href={`/login?${new URLSearchParams({ next: boot.forms.next ?? "/account" })}`} size="big" wide external>
        <FormattedMessage id="signin.fresh" />
      </LinkButton>
    </div>
  );
}
