import { bff, ok } from "@updspace/kit/api.ts";
import { useSecondsLeft } from "@updspace/kit/errors.tsx";
import { Form, FormText, standardSchemaResolver, useForm } from "@updspace/kit/forms.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { rules } from "@updspace/kit/rules.ts";
import { Button } from "@updspace/ui/Button";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import * as v from "valibot";
import { signInAddress } from "../../session.ts";

/** The two ways in: UpdSpace ID, and a link by mail for people without a password. */
export function SignInPage({ next }: { next: string }) {
  const intl = useIntl();
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "signin.title" })} sub={intl.formatMessage({ id: "signin.sub" })} />
      <div className="vstack">
        <section className="card pad-l vstack" aria-labelledby="by-id">
          <h2 id="by-id">
            <FormattedMessage id="signin.id" />
          </h2>
          <p className="muted">
            <FormattedMessage id="signin.id.text" />
          </p>
          <div className="btns">
            <LinkButton href={signInAddress(next)} variant="primary" external>
              <FormattedMessage id="signin.id.button" />
            </LinkButton>
          </div>
        </section>
        <section className="card pad-l vstack" aria-labelledby="by-link">
          <h2 id="by-link">
            <FormattedMessage id="signin.link" />
          </h2>
          <LinkForm next={next} />
        </section>
      </div>
    </>
  );
}

/** Asks for a link by mail that signs in. */
export function LinkForm({ next }: { next: string }) {
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
      <p className="muted">
        <FormattedMessage id="signin.link.text" />
      </p>
      <FormText
        control={form.control}
        name="email"
        label={intl.formatMessage({ id: "signin.email" })}
        type="email"
        inputMode="email"
        autoComplete="email"
      />
      {sent && (
        <p role="status" className="strong">
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
