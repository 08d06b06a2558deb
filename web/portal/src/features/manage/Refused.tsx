import { ApiError } from "@updspace/kit/answer.ts";
import { ErrorPage } from "@updspace/kit/errors.tsx";
import { Why } from "@updspace/kit/why.tsx";
import { PageHead } from "@updspace/ui/PageHead";
import { useIntl } from "react-intl";

interface RefusedProps {
  error: unknown;
  /** What one needs for the page. */
  permission: string;
  retry: () => void;
}

/** A page of the administration that could not be read; who may not see it learns why, and who can change that. */
export function Refused({ error, permission, retry }: RefusedProps) {
  const intl = useIntl();
  return (
    <>
      <PageHead
        title={intl.formatMessage({ id: "nav.manage" })}
        sub={error instanceof ApiError && error.status === 403 ? <Why permission={permission} /> : undefined}
      />
      <ErrorPage error={error} retry={retry} />
    </>
  );
}
