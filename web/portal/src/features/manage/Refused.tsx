import { ApiError } from "@updspace/kit/answer.ts";
import { ErrorPage } from "@updspace/kit/errors.tsx";
import { Why } from "@updspace/kit/why.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { useIntl } from "react-intl";

/** What the services would answer, for pages that know from the session that they need not ask. */
const refusal = new ApiError(403, "FORBIDDEN", "", {}, [], undefined, "", {});

interface RefusedProps {
  error?: unknown;
  /** What one needs for the page. */
  permission: string;
  retry?: () => void;
}

/** A page of the administration that could not be read; who may not see it learns why, and who can change that. */
export function Refused({ error = refusal, permission, retry }: RefusedProps) {
  const intl = useIntl();
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "nav.manage" })} />
      {error instanceof ApiError && error.status === 403 ? (
        <div className="card">
          <EmptyState shape="people" title={intl.formatMessage({ id: "error.page.forbidden" })} action={<Why permission={permission} />}>
            {intl.formatMessage({ id: "error.FORBIDDEN" })}
          </EmptyState>
        </div>
      ) : (
        <ErrorPage error={error} {...(retry && { retry })} />
      )}
    </>
  );
}
