import { useQuery } from "@tanstack/react-query";
import { ApiError } from "@updspace/kit/answer.ts";
import { bff, ok } from "@updspace/kit/api.ts";
import { ActionError, errorText } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { Skeleton } from "@updspace/ui/Skeleton";
import { FormattedMessage, useIntl } from "react-intl";
import { linkQuery, type MailedLink } from "./queries.ts";

/** What a link in a mail opens. Opening it changes nothing; the button signs in. */
export function LinkPage({ link }: { link: MailedLink }) {
  const intl = useIntl();
  const { data: account, error } = useQuery(linkQuery(link));
  const signIn = useAction({
    run: (_: void, headers) => ok(bff.POST("/api/v1/session/callback", { body: { code: link.code, next: link.next }, headers })),
    onDone: ({ next }) => location.assign(next),
  });
  if (error instanceof ApiError)
    return (
      <>
        <PageHead title={intl.formatMessage({ id: "link.title" })} />
        <div className="card">
          <EmptyState title={errorText(intl, error)} action={<Another />}>
            {intl.formatMessage({ id: "link.broken" })}
          </EmptyState>
        </div>
      </>
    );
  if (!account) return <Skeleton label={intl.formatMessage({ id: "loading" })} rows={1} />;
  const name = account.name || account.email;
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "link.as" }, { name })} sub={account.email} />
      <div className="card pad-l vstack">
        {account.other_browser && (
          <p>
            <FormattedMessage id="link.otherBrowser" />
          </p>
        )}
        {account.other_account && (
          <p>
            <FormattedMessage id="link.otherAccount" />
          </p>
        )}
        <ActionError error={signIn.error} />
        <div className="btns">
          <Button variant="primary" size="big" pending={signIn.pending} onPress={() => signIn.start()}>
            <FormattedMessage id="link.button" />
          </Button>
        </div>
      </div>
    </>
  );
}

function Another() {
  return (
    <LinkButton href="/sign-in" variant="primary">
      <FormattedMessage id="link.another" />
    </LinkButton>
  );
}
