import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError } from "@updspace/kit/answer.ts";
import { identity, ok } from "@updspace/kit/api.ts";
import { ActionError, ErrorPage } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { Skeleton } from "@updspace/ui/Skeleton";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { boot } from "../../session.ts";
import styles from "./onboarding.module.css";
import { applicationQuery } from "./queries.ts";

/** How an application stands, for the reader of the mail. Opening it changes nothing. */
export function ApplicationPage({ token }: { token: string }) {
  const intl = useIntl();
  const { data: application, error, isPending, refetch } = useQuery({ ...applicationQuery(token), enabled: token !== "" });
  const title = intl.formatMessage({ id: "apply.status.title" }, { tenant: boot.tenant?.name ?? "" });
  if (token === "" || (error instanceof ApiError && [404, 422].includes(error.status)))
    return (
      <>
        <PageHead title={title} />
        <div className="card">
          <EmptyState title={intl.formatMessage({ id: "apply.broken" })}>
            <FormattedMessage id="apply.broken.text" />
          </EmptyState>
        </div>
      </>
    );
  if (isPending) return <Skeleton label={intl.formatMessage({ id: "loading" })} rows={1} />;
  if (!application) return <ErrorPage page error={error} retry={() => void refetch()} />;
  const { status } = application;
  return (
    <div className={styles["narrow"]}>
      <PageHead title={title} sub={<FormattedMessage id="apply.status.sent" values={{ when: <Time at={application.created_at} /> }} />} />
      <section className="card pad-l vstack">
        <h2>
          <FormattedMessage id={`apply.status.${status}`} />
        </h2>
        <p>
          <FormattedMessage id={`apply.status.${status}.text`} />
        </p>
        {application.reason !== "" && (
          <blockquote dir="auto">
            <p>{application.reason}</p>
          </blockquote>
        )}
        {status === "pending" && <Withdraw token={token} />}
        {status === "withdrawn" && (
          <div className="btns">
            <LinkButton href="/apply">
              <FormattedMessage id="apply.again" />
            </LinkButton>
          </div>
        )}
      </section>
    </div>
  );
}

function Withdraw({ token }: { token: string }) {
  const intl = useIntl();
  const client = useQueryClient();
  const [asked, setAsked] = useState(false);
  const withdraw = useAction({
    run: (_: void, headers) => ok(identity.POST("/api/v1/portal/applications/withdraw", { body: { token }, headers })),
    onDone: (application) => {
      client.setQueryData(applicationQuery(token).queryKey, application);
      setAsked(false);
    },
  });
  return (
    <div className="btns">
      <Button onPress={() => setAsked(true)}>
        <FormattedMessage id="apply.withdraw" />
      </Button>
      <Confirm
        open={asked}
        onClose={() => setAsked(false)}
        title={intl.formatMessage({ id: "apply.withdraw.title" })}
        action={intl.formatMessage({ id: "apply.withdraw" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={withdraw.pending}
        onConfirm={() => withdraw.start()}
      >
        <p>
          <FormattedMessage id="apply.withdraw.text" />
        </p>
        <ActionError error={withdraw.error} />
      </Confirm>
    </div>
  );
}
