import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { Skeleton } from "@updspace/ui/Skeleton";
import { useIntl } from "react-intl";

export function Pending() {
  const intl = useIntl();
  return <Skeleton label={intl.formatMessage({ id: "loading" })} />;
}

export function Missing() {
  const intl = useIntl();
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "error.page.missing" })} />
      <EmptyState
        title={intl.formatMessage({ id: "missing.title" })}
        action={
          <LinkButton href="/" variant="primary">
            {intl.formatMessage({ id: "missing.home" })}
          </LinkButton>
        }
      >
        {intl.formatMessage({ id: "missing.text" })}
      </EmptyState>
    </>
  );
}
