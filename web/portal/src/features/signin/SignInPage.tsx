import { bff, ok } from "@updspace/kit/api.ts";
import { useSecondsLeft } from "@updspace/kit/errors.tsx";
import { Form, FormText, standardSchemaResolver, useForm } from "@updspace/kit/forms.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { rules } from "@updspace/kit/rules.ts";
import { Button } from "@updspace/ui/Button";
import { LinkButton } from "@updspace/ui/LinkButton";
import { MailCheck } from "lucide-react";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import * as v from "valibot";
import { signInAddress } from "../../session.ts";
import { Doorstep } from "./Doorstep.tsx";
import style from "./signin.module.css";

/** The two ways in: UpdSpace ID, and a link by mail for people without a password. */
export function SignInPage({ next }: { next: string }) {
  const intl = useIntl();
  return (
    <>
      <Doorstep title={intl.formatMessage({ id: "signin.title" })} lead={intl.formatMessage({ id: "signin.id.text" })}>
        <LinkButton href={signInAddress(next)} variant="metal" size="big" external>
          <FormattedMessage id="signin.id.button" />
        </LinkButton>
      </Doorstep>
      <LinkCard next={next} />
    </>
  );
}

/** The way in for people without a password at hand: a link by mail. */
export function LinkCard({ next }: { next: string }) {
  return (
    <section className={`card pad-l ${style["link"]}`} aria-labelledby="by-link">
      <div className="vstack s">
        <h2 id="by-link">
          <FormattedMessage id="signin.link" />
        </h2>
        <p className="muted">
          <FormattedMessage id="signin.link.text" />
        </p>
      </div>
      <LinkForm next={next} />
    </section>
  );
}

/** Asks for a link by mail that signs in. */
function LinkForm({ next }: { next: string }) {
  const intl = useIntl();
  const { text } = rules(intl);
  const form = useForm({
    resolver: standardSchemaResolver(v.object({ email: text({ required: true, max: 254 }) })),
    defaultValues: { email: "" },
  });
  const [sent, setSent] = useState(false);
  const send = useAction({
    run: ({ email }: { email: string }, headers) => ok(bff.POST("/api/v1/session/login", { body: { email: email.trim(), next }, headers })),
    onDone: () => setSent(true),
  });
  const wait = useSecondsLeft(send.error);
  return (
    <Form form={form} action={send} onSubmit={(values) => wait === 0 && send.start(values)}>
      <FormText
        control={form.control}
        name="email"
        label={intl.formatMessage({ id: "signin.email" })}
        type="email"
        inputMode="email"
        autoComplete="email"
      />
      {sent && (
        <p role="status" className={style["sent"]}>
          <MailCheck className="i" aria-hidden="true" />
          <FormattedMessage id="signin.link.sent" />
        </p>
      )}
      <div className="btns">
        <Button type="submit" variant="line" pending={send.pending || wait > 0}>
          {wait > 0 ? <FormattedMessage id="signin.wait" values={{ seconds: wait }} /> : <FormattedMessage id="signin.link.button" />}
        </Button>
      </div>
    </Form>
  );
}
