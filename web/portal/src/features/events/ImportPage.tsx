import { FileUp } from "lucide-react";
import { Link } from "@tanstack/react-router";
import type { events as api } from "@updspace/api";
import { events, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Choice } from "@updspace/ui/Choice";
import { EmptyState } from "@updspace/ui/EmptyState";
import { FileButton, FileDrop } from "@updspace/ui/FileDrop";
import { PageHead } from "@updspace/ui/PageHead";
import { Select } from "@updspace/ui/Select";
import { ZoneField } from "@updspace/ui/ZoneField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { useCreatePlaces } from "../../creating.ts";
import { boot } from "../../session.ts";
import { eventKeys } from "./queries.ts";
import { useZone } from "./when.tsx";

type Report = api.components["schemas"]["EventImport"];
type Item = api.components["schemas"]["EventImportItem"];
type Status = "scheduled" | "draft";

/** Takes the events of a calendar file over: first it says what it would do, then it does it. */
export function ImportPage() {
  const intl = useIntl();
  const here = useZone();
  const { tenant, groups } = useCreatePlaces("events.event.create");
  const places = [...(tenant ? [{ id: "TENANT", name: boot.tenant?.name ?? "" }] : []), ...groups.map(({ id, name }) => ({ id, name }))];
  const [chosen, setPlace] = useState<string>();
  const [zone, setZone] = useState(here);
  const [status, setStatus] = useState<Status>("scheduled");
  const [file, setFile] = useState<File>();
  const [report, setReport] = useState<Report>();
  const place = places.find((p) => p.id === chosen)?.id ?? places[0]?.id;
  const group = groups.find((g) => g.id === place);
  const take = useAction({
    run: ({ content, dry }: { content: File; dry: boolean }, headers) =>
      ok(
        events.POST("/api/v1/events/import", {
          params: {
            query: {
              ...(group ? { scope_type: group.kind, scope_id: group.id } : { scope_type: "TENANT" as const }),
              time_zone: zone || here,
              status,
              dry_run: dry,
            },
          },
          headers: { ...headers, "Content-Type": "application/octet-stream" },
          body: "", // the type of a file in the spec is text; the serializer gives the file itself
          bodySerializer: () => content,
        }),
      ),
    stale: eventKeys,
    onDone: setReport,
  });
  const head = (
    <PageHead
      title={intl.formatMessage({ id: "calendar.import" })}
      back={{ href: "/events", name: intl.formatMessage({ id: "nav.events" }) }}
    />
  );
  if (place === undefined) {
    return (
      <>
        {head}
        <div className="card">
          <EmptyState title={intl.formatMessage({ id: "calendar.new.forbidden" })} shape="date">
            <FormattedMessage id="calendar.none.who" />
          </EmptyState>
        </div>
      </>
    );
  }
  const choose = (files: File[]) => {
    setReport(undefined);
    setFile(files[0]);
  };
  const other =
    <V,>(set: (v: V) => void) =>
    (v: V) => {
      setReport(undefined);
      set(v);
    };
  const todo = report?.dryRun ? report.created + report.updated : 0;
  return (
    <>
      {head}
      <div className="vstack">
        <section className="card pad-l vstack" aria-labelledby="file">
          <h2 id="file">
            <FormattedMessage id="calendar.import.file" />
          </h2>
          <FileDrop onFiles={choose} over={intl.formatMessage({ id: "calendar.import.drop" })}>
            <div className="vstack s">
              <p className="muted">{file ? <bdi>{file.name}</bdi> : <FormattedMessage id="calendar.import.text" />}</p>
              <div className="btns">
                <FileButton onFiles={choose} accept=".ics,text/calendar">
                  <FileUp className="i s" aria-hidden="true" />
                  <FormattedMessage id="calendar.import.choose" />
                </FileButton>
              </div>
            </div>
          </FileDrop>
          <Select label={intl.formatMessage({ id: "calendar.import.place" })} value={place} onChange={other(setPlace)} choices={places} />
          <ZoneField
            label={intl.formatMessage({ id: "calendar.import.zone" })}
            help={intl.formatMessage({ id: "calendar.import.zone.help" })}
            value={zone}
            onChange={other(setZone)}
            deviceName={here}
          />
          <Choice
            label={intl.formatMessage({ id: "calendar.import.as" })}
            value={status}
            onChange={other(setStatus)}
            choices={[
              { id: "scheduled", name: intl.formatMessage({ id: "calendar.import.scheduled" }) },
              { id: "draft", name: intl.formatMessage({ id: "calendar.import.draft" }) },
            ]}
          />
          <ActionError error={take.error} />
          <div className="btns">
            <Button
              disabled={file === undefined}
              pending={take.pending && report === undefined}
              onPress={() => file && take.start({ content: file, dry: true })}
            >
              <FormattedMessage id="calendar.import.look" />
            </Button>
            {report?.dryRun && todo > 0 && (
              <Button variant="primary" pending={take.pending} onPress={() => file && take.start({ content: file, dry: false })}>
                <FormattedMessage id="calendar.import.do" values={{ n: todo }} />
              </Button>
            )}
          </div>
        </section>
        {report && <Results report={report} />}
      </div>
    </>
  );
}

function Results({ report }: { report: Report }) {
  const intl = useIntl();
  return (
    <section className="card" aria-labelledby="results" aria-live="polite">
      <div className="card-head">
        <h2 id="results">
          <FormattedMessage id={report.dryRun ? "calendar.import.would" : "calendar.import.done"} />
        </h2>
      </div>
      <p className="pad small muted">
        <FormattedMessage
          id="calendar.import.sum"
          values={{ created: report.created, updated: report.updated, unchanged: report.unchanged, skipped: report.skipped }}
        />
      </p>
      {report.items.length > 0 && (
        <div className="table-wrap">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{intl.formatMessage({ id: "calendar.import.line" })}</th>
                <th scope="col">{intl.formatMessage({ id: "calendar.import.event" })}</th>
                <th scope="col">{intl.formatMessage({ id: "calendar.import.what" })}</th>
              </tr>
            </thead>
            <tbody>
              {report.items.map((item) => (
                <Row key={item.line} item={item} dryRun={report.dryRun} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ item, dryRun }: { item: Item; dryRun: boolean }) {
  const intl = useIntl();
  const title = item.title === "" ? intl.formatMessage({ id: "calendar.import.untitled" }) : item.title;
  return (
    <tr>
      <td>{item.line}</td>
      <td>
        <bdi className="strong block">
          {item.eventId !== null && !dryRun ? (
            <Link to="/events/$id" params={{ id: item.eventId }} search={{}} className="link">
              {title}
            </Link>
          ) : (
            title
          )}
        </bdi>
        {item.startsAt !== null && (
          <span className="small muted block">
            {intl.formatDate(item.startsAt, {
              dateStyle: "medium",
              ...(!item.allDay && { timeStyle: "short" }),
              ...(item.allDay && item.timeZone !== null && { timeZone: item.timeZone }),
            })}
            {item.rrule !== null && (
              <>
                {" · "}
                <FormattedMessage id="calendar.listed" values={{ n: item.dates }} />
              </>
            )}
          </span>
        )}
      </td>
      <td>
        <FormattedMessage id={`calendar.import.action.${item.action}`} />
        {item.reason !== null && (
          <span className="small muted block">
            <FormattedMessage id={`calendar.import.reason.${item.reason}`} values={{ field: item.field ?? "" }} />
          </span>
        )}
      </td>
    </tr>
  );
}
