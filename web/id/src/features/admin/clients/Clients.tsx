import { Link, useNavigate } from "@tanstack/react-router";
import { AppWindow, Ban, Lock, Plus } from "lucide-react";
import { useEffect, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { useSettled } from "@updspace/kit/settled.ts";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { SearchField } from "@updspace/ui/SearchField";
import styles from "./Clients.module.css";
import { clientPages, type Client } from "./queries.ts";

/** The applications that sign people in here. */
export function Clients({ q: shown }: { q: string | undefined }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const [typed, setTyped] = useState(shown ?? "");
  const q = useSettled(typed.trim());
  useEffect(() => {
    if (q !== (shown ?? "")) void navigate({ to: "/admin/clients", search: q === "" ? {} : { q }, replace: true });
  }, [q, shown, navigate]);
  const query = usePages(clientPages(shown));
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "admin.clients" })} sub={intl.formatMessage({ id: "admin.clients.sub" })}>
        <LinkButton href="/admin/clients/new" variant="primary">
          <Plus className="i s" aria-hidden="true" />
          <FormattedMessage id="admin.clients.new" />
        </LinkButton>
      </PageHead>
      <SearchField label={intl.formatMessage({ id: "admin.clients.find" })} value={typed} onChange={setTyped} />
      <PagedList
        query={query}
        empty={
          <div className="card">
            <EmptyState title={intl.formatMessage({ id: "admin.clients.none" })} shape="people">
              <FormattedMessage id="admin.clients.none.text" />
            </EmptyState>
          </div>
        }
      >
        {(clients) => (
          <ul className="card rows">
            {clients.map((c) => (
              <Row key={c.client_id} client={c} />
            ))}
          </ul>
        )}
      </PagedList>
    </>
  );
}

function Row({ client }: { client: Client }) {
  return (
    <li className="row">
      <span className={styles.icon}>
        <AppWindow className="i" aria-hidden="true" />
      </span>
      <div className="grow vstack xs">
        <h2 className="strong">
          <Link to="/admin/clients/$id" params={{ id: client.client_id }}>
            <bdi>{client.name}</bdi>
          </Link>
        </h2>
        <p className="line dots small muted">
          <span dir="ltr" className={styles.id}>
            {client.client_id}
          </span>
          <FormattedMessage id={`admin.clients.auth.${client.auth_method}`} />
        </p>
        <ClientTags client={client} />
      </div>
    </li>
  );
}

/** What is unusual about an application. */
export function ClientTags({ client: { protected: isPlatform, disabled_at, secrets } }: { client: Client }) {
  if (!isPlatform && disabled_at === null && secrets < 2) return null;
  return (
    <p className="line">
      {disabled_at !== null && (
        <span className="state danger">
          <Ban className="i s" aria-hidden="true" />
          <FormattedMessage id="admin.clients.disabled" />
        </span>
      )}
      {isPlatform && (
        <span className="tag plain">
          <Lock className="i s" aria-hidden="true" />
          <FormattedMessage id="admin.clients.platform" />
        </span>
      )}
      {secrets > 1 && (
        <span className="state warn">
          <FormattedMessage id="admin.clients.twoSecrets" />
        </span>
      )}
    </p>
  );
}
