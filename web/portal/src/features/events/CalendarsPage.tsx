import { useQuery } from "@tanstack/react-query";
import { CalendarSync, RefreshCw, Trash2 } from "lucide-react";
import { events, ok } from "@updspace/kit/api.ts";
import { ActionError, ErrorPage } from "@updspace/kit/errors.tsx";
import { myGroupsQuery } from "@updspace/kit/groups.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button, IconButton } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { CopyField } from "@updspace/ui/CopyField";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { Select } from "@updspace/ui/Select";
import { Skeleton } from "@updspace/ui/Skeleton";
import { useEffect, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { boot } from "../../session.ts";
import { addressesQuery, addressKeys, type CalendarAddress, type CalendarAddressCreate } from "./calendarAddresses.ts";
import { calendarLinks } from "./calendarLinks.ts";

/** The secret addresses by which calendar programs show events: making one, and those that there are. */
export function CalendarsPage({ group }: { group: string | undefined }) {
  const intl = useIntl();
  const [made, setMade] = useState<CalendarAddress>();
  return (
    <>
      <PageHead
        title={intl.formatMessage({ id: "calendar.feeds" })}
        back={{ href: "/events", name: intl.formatMessage({ id: "nav.events" }) }}
      />
      <div className="vstack">
        <p className="muted">
          <FormattedMessage id="calendar.feeds.text" />
        </p>
        <NewAddress group={group} onMade={setMade} />
        {made && <Made key={made.path ?? ""} address={made} />}
        <Addresses onRenewed={setMade} onEnded={(id) => setMade((m) => (m?.id === id ? undefined : m))} />
      </div>
    </>
  );
}

/** Chooses what a new address shows, and makes it. */
function NewAddress({ group, onMade }: { group: string | undefined; onMade: (a: CalendarAddress) => void }) {
  const intl = useIntl();
  const groups = (useQuery(myGroupsQuery).data ?? []).filter((g) => g.status === "active");
  const choices = [
    { id: "all", name: intl.formatMessage({ id: "calendar.feeds.all" }), help: intl.formatMessage({ id: "calendar.feeds.all.help" }) },
    {
      id: "answered",
      name: intl.formatMessage({ id: "calendar.feeds.answered" }),
      help: intl.formatMessage({ id: "calendar.feeds.answered.help" }),
    },
    ...groups.map((g) => ({ id: g.id, name: g.name })),
  ];
  const [chosen, setChosen] = useState(group);
  const value = choices.find((c) => c.id === chosen)?.id ?? "all";
  const make = useAction({
    run: (body: CalendarAddressCreate, headers) => ok(events.POST("/api/v1/events/calendars/addresses", { body, headers })),
    stale: addressKeys,
    onDone: onMade,
  });
  const start = () => {
    const tenant = boot.tenant?.name ?? "";
    const of = groups.find((g) => g.id === value);
    if (of) make.start({ name: `${of.name} · ${tenant}`.slice(0, 100), content: "group", scopeType: of.kind, scopeId: of.id });
    else if (value === "answered")
      make.start({ name: `${tenant}: ${intl.formatMessage({ id: "calendar.feeds.answered" })}`.slice(0, 100), content: "answered" });
    else make.start({ name: tenant.slice(0, 100), content: "all" });
  };
  return (
    <section className="card pad-l vstack" aria-labelledby="new-address">
      <h2 id="new-address">
        <FormattedMessage id="calendar.feeds.new" />
      </h2>
      <Select label={intl.formatMessage({ id: "calendar.feeds.what" })} value={value} onChange={setChosen} choices={choices} />
      <ActionError error={make.error} />
      <div className="btns">
        <Button variant="primary" pending={make.pending} onPress={start}>
          <FormattedMessage id="calendar.feeds.make" />
        </Button>
      </div>
    </section>
  );
}

const programs = ["google", "apple", "outlook"] as const;

/** A new address, which is shown once, and how programs take it. */
function Made({ address }: { address: CalendarAddress }) {
  const intl = useIntl();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const links = calendarLinks(location.origin, address.path ?? "");
  return (
    <section className="card pad-l vstack" aria-labelledby="made">
      <h2 id="made" tabIndex={-1} ref={heading}>
        <FormattedMessage id="calendar.feeds.made" values={{ name: address.name }} />
      </h2>
      <p className="muted">
        <FormattedMessage id="calendar.feeds.once" />
      </p>
      <CopyField
        label={intl.formatMessage({ id: "calendar.feeds.address" })}
        value={links.web}
        copy={intl.formatMessage({ id: "action.copy" })}
        copied={intl.formatMessage({ id: "action.copied" })}
      />
      <div className="btns">
        <LinkButton href={links.program} external>
          <CalendarSync className="i s" aria-hidden="true" />
          <FormattedMessage id="calendar.feeds.open" />
        </LinkButton>
      </div>
      <dl className="vstack s">
        {programs.map((p) => (
          <div key={p}>
            <dt className="strong">
              <FormattedMessage id={`calendar.feeds.${p}`} />
            </dt>
            <dd className="muted">
              <FormattedMessage id={`calendar.feeds.${p}.how`} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

type Asking = { of: CalendarAddress; what: "renew" | "end" };

interface AddressesProps {
  onRenewed: (a: CalendarAddress) => void;
  onEnded: (id: string) => void;
}

/** The reader's addresses, each of which can be renewed and ended. */
function Addresses({ onRenewed, onEnded }: AddressesProps) {
  const intl = useIntl();
  const query = useQuery(addressesQuery);
  const [asking, setAsking] = useState<Asking>();
  const close = () => setAsking(undefined);
  const params = (id: string) => ({ path: { address_id: id } });
  const renew = useAction({
    run: (id: string, headers) => ok(events.POST("/api/v1/events/calendars/addresses/{address_id}/renew", { params: params(id), headers })),
    stale: addressKeys,
    onDone: (a) => {
      close();
      onRenewed(a);
    },
  });
  const end = useAction({
    run: (id: string, headers) => ok(events.DELETE("/api/v1/events/calendars/addresses/{address_id}", { params: params(id), headers })),
    stale: addressKeys,
    done: intl.formatMessage({ id: "calendar.feeds.ended" }),
    onDone: (_, id) => {
      close();
      onEnded(id);
    },
  });
  if (query.isPending) return <Skeleton label={intl.formatMessage({ id: "loading" })} />;
  if (query.isError) return <ErrorPage error={query.error} retry={() => void query.refetch()} />;
  const action = asking?.what === "end" ? end : renew;
  return (
    <section className="card" aria-labelledby="addresses">
      <div className="card-head">
        <h2 id="addresses">
          <FormattedMessage id="calendar.feeds.mine" />
        </h2>
      </div>
      {query.data.length === 0 ? (
        <EmptyState shape="date" title={intl.formatMessage({ id: "calendar.feeds.none" })} />
      ) : (
        <ul className="rows">
          {query.data.map((a) => (
            <li key={a.id} className="row">
              <div className="grow">
                <bdi className="strong block">{a.name}</bdi>
                <span className="small muted block">
                  <FormattedMessage id={`calendar.feeds.${a.content}`} />
                  {" · "}
                  {a.lastUsedOn === null ? (
                    <FormattedMessage id="calendar.feeds.unused" />
                  ) : (
                    <FormattedMessage
                      id="calendar.feeds.used"
                      values={{ day: intl.formatDate(`${a.lastUsedOn}T00:00:00Z`, { dateStyle: "medium", timeZone: "UTC" }) }}
                    />
                  )}
                </span>
              </div>
              <div className="btns">
                <IconButton
                  label={intl.formatMessage({ id: "calendar.feeds.renew.of" }, { name: a.name })}
                  onPress={() => setAsking({ of: a, what: "renew" })}
                >
                  <RefreshCw className="i" aria-hidden="true" />
                </IconButton>
                <IconButton
                  label={intl.formatMessage({ id: "calendar.feeds.end.of" }, { name: a.name })}
                  onPress={() => setAsking({ of: a, what: "end" })}
                >
                  <Trash2 className="i" aria-hidden="true" />
                </IconButton>
              </div>
            </li>
          ))}
        </ul>
      )}
      <Confirm
        open={asking !== undefined}
        onClose={close}
        title={intl.formatMessage(
          { id: asking?.what === "end" ? "calendar.feeds.end.ask" : "calendar.feeds.renew.ask" },
          { name: asking?.of.name ?? "" },
        )}
        action={intl.formatMessage({ id: asking?.what === "end" ? "calendar.feeds.end" : "calendar.feeds.renew" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={action.pending}
        onConfirm={() => asking && action.start(asking.of.id)}
      >
        <p>
          <FormattedMessage id="calendar.feeds.stops" />
        </p>
        <ActionError error={action.error} />
      </Confirm>
    </section>
  );
}
