import { KeyRound } from "lucide-react";
import { useEffect, useEffectEvent } from "react";
import { FormattedMessage } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { useAction, type WriteHeaders } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { identity } from "../../api.ts";
import { passkeyFromField, showPasskey, stopOffering, type Credential } from "../../passkeys.ts";
import { FactorError } from "../security/FactorError.tsx";

const begin = async () => (await ok(identity.POST("/api/v1/auth/passkeys/login/begin"))).request_options;

const complete = (credential: Credential, headers: WriteHeaders) =>
  ok(identity.POST("/api/v1/auth/passkeys/login/complete", { body: { credential }, headers }));

/** Signs in with a passkey: by the button, or offered by the browser in the field for the e-mail address. */
export function PasskeySignIn({ onDone }: { onDone: () => void }) {
  const offered = useAction({ run: complete, onDone });
  const chosen = useAction({ run: async (_: void, headers) => complete(await showPasskey(await begin()), headers), onDone });
  const offer = useEffectEvent((credential: Credential) => offered.start(credential));
  useEffect(() => {
    let here = true;
    // That it cannot be offered is no fault that a person must hear of: the button stays.
    passkeyFromField(begin).then(
      (credential) => {
        if (here && credential) offer(credential);
      },
      () => undefined,
    );
    return () => {
      here = false;
      void stopOffering();
    };
  }, []);
  return (
    <>
      <FactorError error={chosen.error ?? offered.error} />
      <Button size="big" wide pending={chosen.pending || offered.pending} onPress={() => chosen.start()}>
        <KeyRound className="i s" aria-hidden="true" />
        <FormattedMessage id="signin.passkey" />
      </Button>
    </>
  );
}
