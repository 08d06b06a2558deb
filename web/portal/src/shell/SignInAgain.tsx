import { useEffect, useRef, useState } from "react";
import { onSessionEnded, signedInElsewhere } from "@updspace/kit/reauthentication.ts";
import { Button } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { FormattedMessage, useIntl } from "react-intl";
import { signInAddress } from "../session.ts";

/** The session has ended elsewhere: asks to sign in again in a pop-up, while the page and what was written stay as they are. */
export function SignInAgain() {
  const intl = useIntl();
  const [open, setOpen] = useState(false);
  const answer = useRef<(again: boolean) => void>(undefined);
  useEffect(() => {
    onSessionEnded(
      () =>
        new Promise((resolve) => {
          const waiting = new AbortController();
          answer.current = (again) => {
            answer.current = undefined;
            waiting.abort();
            setOpen(false);
            resolve(again);
          };
          setOpen(true);
          void signedInElsewhere(waiting.signal).then(() => answer.current?.(true));
        }),
    );
    return () => onSessionEnded(undefined);
  }, []);
  const signIn = () => {
    const popup = window.open(signInAddress("/signed-in"), "updspace-sign-in", "popup,width=480,height=720");
    if (!popup) location.assign(signInAddress());
  };
  return (
    <Dialog
      open={open}
      onClose={() => answer.current?.(false)}
      title={intl.formatMessage({ id: "again.title" })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
      alert
    >
      <p>
        <FormattedMessage id="again.text" />
      </p>
      <div className="btns right">
        <Button variant="primary" onPress={signIn}>
          <FormattedMessage id="again.button" />
        </Button>
      </div>
    </Dialog>
  );
}
