import { useQuery } from "@tanstack/react-query";
import { ApiError } from "@updspace/kit/answer.ts";
import { bff, ok } from "@updspace/kit/api.ts";
import { ActionError, errorText } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { LinkButton } from "@updspace/ui/LinkButton";
import { Skeleton } from "@updspace/ui/Skeleton";
import { TriangleAlert } from "lucide-react";
import { FormattedMessage, useIntl } from "react-intl";
import { Doorstep } from "./Doorstep.tsx";
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
      <Doorstep title={errorText(intl, error)} lead={intl.formatMessage({ id: "link.broken" })}>
        <LinkButton href="/sign-in" variant="metal" size="big">
          <FormattedMessage id="link.another" />
        </LinkButton>
      </Doorstep>
    );
  if (!account)
    return (
      <>
        <Doorstep title={intl.formatMessage({ id: "link.title" })} />
        <Skeleton label={intl.formatMessage({ id: "loading" })} rows={1} />
      </>
    );
  const name = account.name || account.email;
  return (
    <>
      <Doorstep title={intl.formatMessage({ id: "link.as" }, { name })} lead={account.email}>
        <Button variant="metal" size="big" pending={signIn.pending} onPress={() => signIn.start()}>
          <FormattedMessage id="link.button" />
        </Button>
      </Doorstep>
      <ActionError error={signIn.error} />
      {account.other_account && (
        <p className="banner">
          <TriangleAlert className="i" aria-hidden="true" />
          <FormattedMessage id="link.otherAccount" />
        </p>
      )}
    </>
  );
}
