import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Download, X } from "lucide-react";
import { ActionError, ErrorPage } from "@updspace/kit/errors.tsx";
import { GroupTag } from "@updspace/kit/groups.tsx";
import { PeopleField } from "@updspace/kit/peopleField.tsx";
import { Person } from "@updspace/kit/people.tsx";
import { serviceName } from "@updspace/kit/permissionWords.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { Button, IconButton } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { Select } from "@updspace/ui/Select";
import { Skeleton } from "@updspace/ui/Skeleton";
import type { ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { useSession } from "../../session.ts";
import { csv, download } from "./csv.ts";
import { readable, readAll, readerOf, readJournal, type At, type Entry, type JournalFilter } from "./journal.ts";
import type { Source } from "./parts.ts";
import { JournalRow } from "./JournalRow.tsx";
import { Refused } from "./Refused.tsx";
import style from "./journal.module.css";

const spans = ["1", "7", "30", "all"] as const;

/** Who changed what: the logs of all services in one list. */
export function JournalPage(filter: JournalFilter) {
  const intl = useIntl();
  const logs = readable(useSession(), filter.group);
  const query = useInfiniteQuery({
    queryKey: ["journal", logs, filter],
    queryFn: ({ pageParam, signal }) => readJournal(logs, filter, pageParam, signal),
    initialPageParam: {} as At,
    getNextPageParam: (last) => last.next,
  });
  if (logs.length === 0) return <Refused permission={filter.group === undefined ? readerOf.access : readerOf.portal} />;
  const entries = query.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <div className="vstack l">
      <PageHead
        title={intl.formatMessage({ id: "manage.journal" })}
        sub={intl.formatMessage({ id: "manage.journal.sub" })}
        back={{ href: "/manage", name: intl.formatMessage({ id: "nav.manage" }) }}
      >
        <Export logs={logs} filter={filter} />
      </PageHead>
      <Filters filter={filter} logs={logs} />
      {query.isPending ? (
        <Skeleton label={intl.formatMessage({ id: "loading" })} />
      ) : query.isError && entries.length === 0 ? (
        <ErrorPage error={query.error} retry={() => void query.refetch()} />
      ) : entries.length === 0 && !query.hasNextPage ? (
        <div className="card">
          <EmptyState title={intl.formatMessage({ id: "manage.journal.empty" })}>
            <FormattedMessage id="manage.journal.about" />
          </EmptyState>
        </div>
      ) : (
        <Days entries={entries} />
      )}
      {query.hasNextPage && (
        <div className="btns center">
          <Button pending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
            {intl.formatMessage({ id: "action.more" })}
          </Button>
        </div>
      )}
    </div>
  );
}

/** The entries under the days on which they were made. */
function Days({ entries }: { entries: readonly Entry[] }) {
  const intl = useIntl();
  const days = new Map<string, Entry[]>();
  for (const e of entries) {
    const day = intl.formatDate(e.created_at, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
    days.set(day, [...(days.get(day) ?? []), e]);
  }
  return [...days].map(([day, of]) => (
    <section key={day} className="vstack s">
      <h2 className={style["day"]}>{day}</h2>
      <ul className="card rows">
        {of.map((e) => (
          <JournalRow key={`${e.source} ${e.id}`} entry={e} />
        ))}
      </ul>
    </section>
  ));
}

function Filters({ filter, logs }: { filter: JournalFilter; logs: readonly Source[] }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const go = (next: JournalFilter) => void navigate({ to: "/manage/journal", search: { ...filter, ...next }, replace: true });
  return (
    <div className={style["filters"]}>
      {filter.group === undefined ? (
        <Select
          label={intl.formatMessage({ id: "manage.journal.source" })}
          value={filter.source ?? "all"}
          onChange={(s) => go({ source: logs.find((l) => l === s) })}
          choices={[
            { id: "all", name: intl.formatMessage({ id: "manage.journal.source.all" }) },
            ...logs.map((id) => ({
              id,
              name: id === "access" ? intl.formatMessage({ id: "manage.part.rights" }) : serviceName(intl, id),
            })),
          ]}
        />
      ) : (
        <Chosen
          label={intl.formatMessage({ id: "manage.journal.source" })}
          drop={intl.formatMessage({ id: "manage.journal.anywhere" })}
          onDrop={() => go({ group: undefined })}
        >
          <GroupTag id={filter.group} />
        </Chosen>
      )}
      <Select
        label={intl.formatMessage({ id: "manage.journal.when" })}
        value={spans.find((s) => s === String(filter.days)) ?? "all"}
        onChange={(d) => go({ days: d === "all" ? undefined : Number(d) })}
        choices={spans.map((id) => ({
          id,
          name:
            id === "all"
              ? intl.formatMessage({ id: "manage.journal.ever" })
              : intl.formatMessage({ id: "manage.journal.days" }, { days: Number(id) }),
        }))}
      />
      {filter.actor === undefined ? (
        <PeopleField label={intl.formatMessage({ id: "manage.journal.actor" })} onPick={(id) => id !== undefined && go({ actor: id })} />
      ) : (
        <Chosen
          label={intl.formatMessage({ id: "manage.journal.actor" })}
          drop={intl.formatMessage({ id: "manage.journal.anyone" })}
          onDrop={() => go({ actor: undefined })}
        >
          <Person id={filter.actor} size="m" />
        </Chosen>
      )}
    </div>
  );
}

interface ChosenProps {
  label: string;
  /** What the button that takes the filter away says. */
  drop: string;
  onDrop: () => void;
  children: ReactNode;
}

/** A filter that is on, to take away. */
function Chosen({ label, drop, onDrop, children }: ChosenProps) {
  return (
    <div className="field">
      <span className="lab">{label}</span>
      <div className="line nowrap">
        <div className="grow">{children}</div>
        <IconButton label={drop} onPress={onDrop}>
          <X className="i s" aria-hidden="true" />
        </IconButton>
      </div>
    </div>
  );
}

const columns = ["time", "service", "actor_id", "actor", "action", "target_type", "target_id", "reason", "ip", "request_id", "metadata"];

function Export({ logs, filter }: { logs: readonly Source[]; filter: JournalFilter }) {
  const intl = useIntl();
  const save = useAction({
    run: async () => {
      const entries = await readAll(logs, filter, new AbortController().signal);
      const rows = entries.map((e) => [
        e.created_at,
        e.source,
        e.actor_id ?? "",
        e.actor_name || e.actor_type,
        e.action,
        e.target_type,
        e.target_id,
        e.reason,
        e.ip,
        e.request_id,
        JSON.stringify(e.metadata),
      ]);
      download(`journal-${new Date().toISOString().slice(0, 10)}.csv`, csv([columns, ...rows]));
      return rows.length;
    },
    done: (rows) => intl.formatMessage({ id: "manage.journal.exported" }, { rows }),
  });
  return (
    <>
      <Button pending={save.pending} onPress={() => save.start()}>
        <Download className="i s" aria-hidden="true" />
        <FormattedMessage id="manage.journal.export" />
      </Button>
      <ActionError error={save.error} />
    </>
  );
}
