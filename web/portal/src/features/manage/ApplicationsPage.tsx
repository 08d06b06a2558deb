import { useNavigate } from "@tanstack/react-router";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { useSettled } from "@updspace/kit/settled.ts";
import { Choice } from "@updspace/ui/Choice";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { SearchField } from "@updspace/ui/SearchField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { may, useSession } from "../../session.ts";
import { ApplicationCard } from "./ApplicationCard.tsx";
import { applicationPages, reviewsApplications } from "./applications.ts";
import { applicationStatuses, type ApplicationStatus } from "./parts.ts";
import { Refused } from "./Refused.tsx";
import style from "./manage.module.css";

/** The applications to become a member, to decide. */
export function ApplicationsPage({ status }: { status: ApplicationStatus }) {
  const session = useSession();
  if (!may(session, reviewsApplications)) return <Refused permission={reviewsApplications} />;
  return <Applications status={status} mayEdit={may(session, "portal.tenant.settings.write")} />;
}

function Applications({ status, mayEdit }: { status: ApplicationStatus; mayEdit: boolean }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const query = usePages(applicationPages(status, useSettled(typed.trim())));
  return (
    <div className={style["narrow"]}>
      <PageHead
        title={intl.formatMessage({ id: "manage.applications" })}
        sub={intl.formatMessage({ id: "manage.applications.sub" })}
        back={{ href: "/manage", name: intl.formatMessage({ id: "nav.manage" }) }}
      >
        {mayEdit && (
          <LinkButton href="/manage/application-form">
            <FormattedMessage id="manage.form.open" />
          </LinkButton>
        )}
      </PageHead>
      <Choice
        label={intl.formatMessage({ id: "manage.applications.status" })}
        value={status}
        onChange={(next) => void navigate({ to: "/manage/applications", search: { status: next }, replace: true })}
        choices={applicationStatuses.map((id) => ({ id, name: intl.formatMessage({ id: `manage.applications.${id}` }) }))}
        line
      />
      <SearchField label={intl.formatMessage({ id: "manage.applications.find" })} value={typed} onChange={setTyped} />
      <PagedList
        query={query}
        empty={
          <div className="card">
            <EmptyState title={intl.formatMessage({ id: "manage.applications.none" })} shape="people">
              <FormattedMessage id="manage.applications.none.text" />
            </EmptyState>
          </div>
        }
      >
        {(applications) => (
          <ul className="vstack">
            {applications.map((a) => (
              <li key={a.id}>
                <ApplicationCard application={a} />
              </li>
            ))}
          </ul>
        )}
      </PagedList>
    </div>
  );
}
