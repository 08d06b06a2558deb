import { identity, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { FileButton } from "@updspace/ui/FileDrop";
import { TextArea } from "@updspace/ui/TextArea";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { invitationsKey, type Report } from "./applications.ts";

const stale = [[invitationsKey]];

/** Invites the people of a list at once, and reports what became of each line. */
export function InvitationList() {
  const intl = useIntl();
  const [csv, setCSV] = useState("");
  const invite = useAction({
    run: (_: void, headers) => ok(identity.POST("/api/v1/portal/invitations/bulk", { body: { csv }, headers })),
    stale,
    onDone: (made) => {
      setReport(made);
      setCSV("");
    },
  });
  const [report, setReport] = useState<Report>();
  const readFile = async ([file]: File[]) => {
    if (file) setCSV(await file.text());
  };
  return (
    <details className="card pad">
      <summary className="strong">
        <FormattedMessage id="manage.invitations.list" />
      </summary>
      <div className="vstack">
        <TextArea
          label={intl.formatMessage({ id: "manage.invitations.csv" })}
          help={intl.formatMessage({ id: "manage.invitations.csv.help" })}
          value={csv}
          onChange={setCSV}
          rows={5}
          maxLength={65_536}
        />
        <ActionError error={invite.error} />
        <div className="btns">
          <FileButton onFiles={(files) => void readFile(files)} accept=".csv,text/csv,text/plain">
            <FormattedMessage id="manage.invitations.file" />
          </FileButton>
          <Button variant="primary" pending={invite.pending} disabled={csv.trim() === ""} onPress={() => invite.start()}>
            <FormattedMessage id="manage.invitations.inviteAll" />
          </Button>
        </div>
        {report && <ReportView report={report} />}
      </div>
    </details>
  );
}

function ReportView({ report }: { report: Report }) {
  return (
    <section className="vstack s" role="status">
      <h3>
        <FormattedMessage id="manage.invitations.report" values={{ count: report.invited }} />
      </h3>
      <ul className="rows">
        {report.items.map((l) => (
          <li key={l.line} className="row">
            <bdi className="grow">{l.email}</bdi>
            <span className="small muted">
              <FormattedMessage id={`manage.invitations.outcome.${l.outcome}`} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
