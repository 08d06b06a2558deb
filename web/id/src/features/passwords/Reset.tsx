import { useState } from "react";
import { FormattedMessage } from "react-intl";
import { Button } from "@updspace/ui/Button";
import { LinkButton } from "@updspace/ui/LinkButton";
import { tokenOf } from "../../fragment.ts";
import { Gate } from "../../shell/Gate.tsx";
import { AskForLink } from "./AskForLink.tsx";
import { SetPassword } from "./SetPassword.tsx";

type Step = "ask" | "asked" | "set" | "done";

/** Sets a password through a link in a mail, which is asked for here, too. Opening the link changes nothing: mail scanners do so. */
export function Reset() {
  const [token] = useState(() => tokenOf(location.hash));
  const [step, setStep] = useState<Step>(token ? "set" : "ask");
  return (
    <Gate title={<FormattedMessage id={`reset.${step}`} />} lead={<FormattedMessage id={`reset.${step}.lead`} />}>
      {step === "ask" && <AskForLink onDone={() => setStep("asked")} />}
      {step === "set" && <SetPassword token={token} onDone={() => setStep("done")} onExpired={() => setStep("ask")} />}
      {step === "asked" && (
        <Button size="big" wide onPress={() => setStep("ask")}>
          <FormattedMessage id="reset.again" />
        </Button>
      )}
      {step !== "set" && (
        <LinkButton href="/login" size="big" wide external variant={step === "done" ? "primary" : "line"}>
          <FormattedMessage id="signin.button" />
        </LinkButton>
      )}
    </Gate>
  );
}
