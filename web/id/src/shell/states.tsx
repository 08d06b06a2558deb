import { FormattedMessage, useIntl } from "react-intl";
import { ApiError } from "@updspace/kit/answer.ts";
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
  if (isSignedOut(error)) return <SignInAgain />;
  if (error instanceof ApiError && error.code === "SECOND_FACTOR_REQUIRED") return <SecondFactorDemanded />;
  return <ErrorPage page error={error} retry={retry} />;
}

/** Where the installation demands a second factor of system administrators, and the session has shown none. */
function SecondFactorDemanded() {
  return (
    <div className="empty" role="alert">
      <h1 tabIndex={-1}>
        <FormattedMessage id="factor.demanded" />
      </h1>
      <p>
        <FormattedMessage id="factor.demanded.text" />
      </p>
      <div className="btns">
        <LinkButton href="/account/security" variant="primary">
          <FormattedMessage id="factor.demanded.setUp" />
        </LinkButton>
        <LinkButton href={signInAddress(true)} external>
          <FormattedMessage id="signin.button" />
        </LinkButton>
      </div>
    </div>
  );
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
