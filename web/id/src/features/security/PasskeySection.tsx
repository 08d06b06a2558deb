import { useSuspenseQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { Dialog } from "@updspace/ui/Dialog";
import { TextField } from "@updspace/ui/TextField";
import { identity } from "../../api.ts";
import { createPasskey } from "../../passkeys.ts";
import { FactorError } from "./FactorError.tsx";
import styles from "./Factors.module.css";
import { factorKeys, passkeysQuery, type Passkey } from "./queries.ts";
import { useStepUp } from "./StepUp.tsx";

/** The passkeys of the account: named, with their last use. */
export function PasskeySection() {
  const intl = useIntl();
  const { data: passkeys } = useSuspenseQuery(passkeysQuery);
  const { confirmed, dialog } = useStepUp();
  const add = useAction({
    run: (_: void, headers) =>
      confirmed(async () => {
        const { creation_options } = await ok(identity.POST("/api/v1/auth/passkeys/begin", { body: { passwordless: false }, headers }));
        const credential = await createPasskey(creation_options);
        const name = intl.formatMessage({ id: "passkeys.name" }, { number: passkeys.length + 1 });
        return ok(identity.POST("/api/v1/auth/passkeys/complete", { body: { name, credential } }));
      }),
    stale: factorKeys,
    done: intl.formatMessage({ id: "passkeys.added" }),
  });
  return (
    <section className="card" aria-labelledby="passkeys">
      <div className="card-head">
        <h2 id="passkeys">
          <FormattedMessage id="passkeys.title" />
        </h2>
        <Button size="s" pending={add.pending} onPress={() => add.start()}>
          <FormattedMessage id="passkeys.add" />
        </Button>
      </div>
      <FactorError error={add.error} />
      {passkeys.length > 0 ? (
        <ul className="rows">
          {passkeys.map((p) => (
            <PasskeyRow key={p.id} passkey={p} />
          ))}
        </ul>
      ) : (
        <p className={`muted ${styles.body}`}>
          <FormattedMessage id="passkeys.none" />
        </p>
      )}
      {dialog}
    </section>
  );
}

const at = (seconds: number) => new Date(seconds * 1000).toISOString();

function PasskeyRow({ passkey }: { passkey: Passkey }) {
  const intl = useIntl();
  const [renaming, setRenaming] = useState(false);
  const [removing, setRemoving] = useState(false);
  const [name, setName] = useState(passkey.name);
  const { confirmed, dialog } = useStepUp();
  const rename = useAction({
    run: (_: void, headers) =>
      confirmed(() =>
        ok(identity.POST("/api/v1/auth/passkeys/rename", { body: { authenticator_id: passkey.id, new_name: name }, headers })),
      ),
    stale: factorKeys,
    onDone: () => setRenaming(false),
  });
  const remove = useAction({
    run: (_: void, headers) => confirmed(() => ok(identity.POST("/api/v1/auth/passkeys/delete", { body: { ids: [passkey.id] }, headers }))),
    stale: factorKeys,
    onDone: () => setRemoving(false),
  });
  return (
    <li className={`row ${styles.passkey}`}>
      <KeyRound className="i" aria-hidden="true" />
      <div className="grow">
        <h3 dir="auto">{passkey.name}</h3>
        <p className="small muted">
          {passkey.last_used_at === null ? (
            <FormattedMessage id="passkeys.unused" />
          ) : (
            <FormattedMessage id="passkeys.used" values={{ time: <Time at={at(passkey.last_used_at)} /> }} />
          )}
        </p>
      </div>
      <div className="btns">
        <Button size="s" onPress={() => setRenaming(true)}>
          <FormattedMessage id="passkeys.rename" />
          <span className="vh">{passkey.name}</span>
        </Button>
        <Button size="s" onPress={() => setRemoving(true)}>
          <FormattedMessage id="passkeys.remove" />
          <span className="vh">{passkey.name}</span>
        </Button>
      </div>
      <Dialog
        open={renaming}
        onClose={() => setRenaming(false)}
        title={intl.formatMessage({ id: "passkeys.rename" })}
        closeLabel={intl.formatMessage({ id: "action.cancel" })}
      >
        <form
          className="form"
          noValidate
          onSubmit={(e) => {
            e.preventDefault();
            rename.start();
          }}
        >
          <ActionError error={rename.error} />
          <TextField label={intl.formatMessage({ id: "passkeys.nameField" })} maxLength={64} value={name} onChange={setName} />
          <div className="btns">
            <Button type="submit" variant="primary" pending={rename.pending}>
              <FormattedMessage id="action.save" />
            </Button>
          </div>
        </form>
      </Dialog>
      <Confirm
        open={removing}
        onClose={() => setRemoving(false)}
        title={intl.formatMessage({ id: "passkeys.removeTitle" }, { name: passkey.name })}
        action={intl.formatMessage({ id: "passkeys.remove" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={remove.pending}
        onConfirm={() => remove.start()}
      >
        <FormattedMessage id="passkeys.removeText" />
        <ActionError error={remove.error} />
      </Confirm>
      {dialog}
    </li>
  );
}
