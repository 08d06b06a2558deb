import { FormattedMessage, useIntl } from "react-intl";
import { ErrorPage } from "@updspace/kit/errors.tsx";
import { LinkButton } from "@updspace/ui/LinkButton";
import { Skeleton } from "@updspace/ui/Skeleton";
import { isSignedOut } from "../api.ts";
import { signInAddress } from "../boot.ts";

export function Pending() {
  const intl = useIntl();
  return <Skeleton label={intl.formatMessage({ id: "loading" })} />;
}

/** A part of the account that could not be read. When the session is over there is one way on. */
export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  if (!isSignedOut(error)) return <ErrorPage page error={error} retry={retry} />;
  return <SignInAgain />;
}

function SignInAgain() {
  return (
    <div className="empty" role="alert">
      <h1 tabIndex={-1}>
        <FormattedMessage id="over.title" />
      </h1>
      <p>
        <FormattedMessage id="over.text" />
      </p>
      <div className="btns">
        <LinkButton href={signInAddress()} variant="primary" external>
          <FormattedMessage id="signin.button" />
        </LinkButton>
      </div>
    </div>
  );
}
