import { useState } from "react";
import { FormattedMessage } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { identity } from "../../api.ts";
import { tokenOf } from "../../fragment.ts";
import { Gate } from "../../shell/Gate.tsx";
import { HomeButton } from "../../shell/HomeButton.tsx";

/** Confirms a new address, or takes the former one back, by the link of a mail. Opening the link changes nothing. */
export function Verify() {
  const [undo] = useState(() => tokenOf(location.hash, "undo"));
  const [confirm] = useState(() => tokenOf(location.hash, "confirm"));
  const [email, setEmail] = useState<string>();
  const use = useAction({
    run: (_: void, headers) =>
      undo
        ? ok(identity.POST("/api/v1/auth/email/undo", { body: { token: undo }, headers }))
        : ok(identity.POST("/api/v1/auth/email/confirm", { body: { token: confirm }, headers })),
    onDone: (set) => setEmail(set.email),
  });
  const kind = undo ? "undo" : "confirm";
  if (!undo && !confirm)
    return (
      <Gate title={<FormattedMessage id="verify.broken" />} lead={<FormattedMessage id="verify.broken.lead" />}>
        <HomeButton />
      </Gate>
    );
  if (email !== undefined)
    return (
      <Gate
        title={<FormattedMessage id={`verify.${kind}.done`} />}
        lead={<FormattedMessage id={`verify.${kind}.done.lead`} values={{ email: <bdi>{email}</bdi> }} />}
      >
        <HomeButton />
      </Gate>
    );
  return (
    <Gate title={<FormattedMessage id={`verify.${kind}`} />} lead={<FormattedMessage id={`verify.${kind}.lead`} />}>
      <div className="vstack s">
        <ActionError error={use.error} />
        {use.error ? (
          <HomeButton />
        ) : (
          <Button variant={undo ? "danger" : "primary"} size="big" wide pending={use.pending} onPress={() => use.start()}>
            <FormattedMessage id={`verify.${kind}.button`} />
          </Button>
        )}
      </div>
    </Gate>
  );
}
