import { Link, useNavigate } from "@tanstack/react-router";
import { Ban, Plus } from "lucide-react";
import { useEffect, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { useSettled } from "@updspace/kit/settled.ts";
import { EmptyState } from "@updspace/ui/EmptyState";
import { Flag } from "@updspace/ui/Flag";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { SearchField } from "@updspace/ui/SearchField";
import { Select } from "@updspace/ui/Select";
import { states, tenantPages, tenantSearch, type Tenant, type TenantSearch } from "./queries.ts";
import styles from "./Tenants.module.css";

/** The communities of the platform. */
export function Tenants({ search }: { search: TenantSearch }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const [typed, setTyped] = useState(search.q ?? "");
  const q = useSettled(typed.trim());
  const show = (change: Record<string, string>) =>
    void navigate({ to: "/admin/tenants", search: tenantSearch({ ...search, q, ...change }), replace: true });
  useEffect(() => {
    if (q !== (search.q ?? "")) void navigate({ to: "/admin/tenants", search: tenantSearch({ ...search, q }), replace: true });
  }, [q, search, navigate]);
  const query = usePages(tenantPages(search));
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "admin.tenants" })} sub={intl.formatMessage({ id: "admin.tenants.sub" })}>
        <LinkButton href="/admin/tenants/new" variant="primary">
          <Plus className="i s" aria-hidden="true" />
          <FormattedMessage id="admin.tenants.new" />
        </LinkButton>
      </PageHead>
      <div className={styles.tools}>
        <SearchField label={intl.formatMessage({ id: "admin.tenants.find" })} value={typed} onChange={setTyped} />
        <Select
          label={intl.formatMessage({ id: "admin.tenants.state" })}
          hideLabel
          value={search.state ?? "all"}
          onChange={(state) => show({ state })}
          choices={(["all", ...states] as const).map((id) => ({ id, name: intl.formatMessage({ id: `admin.tenants.state.${id}` }) }))}
        />
      </div>
      <PagedList
        query={query}
        empty={
          <div className="card">
            <EmptyState title={intl.formatMessage({ id: "admin.tenants.none" })} shape="people">
              <FormattedMessage id="admin.tenants.none.text" />
            </EmptyState>
          </div>
        }
      >
        {(tenants) => (
          <ul className="card rows">
            {tenants.map((t) => (
              <Row key={t.id} tenant={t} />
            ))}
          </ul>
        )}
      </PagedList>
    </>
  );
}

function Row({ tenant }: { tenant: Tenant }) {
  return (
    <li className="row">
      <Flag id={tenant.id} of="tenant" colours={tenant} />
      <div className="grow vstack xs">
        <h2 className="strong">
          <Link to="/admin/tenants/$slug" params={{ slug: tenant.slug }}>
            <bdi>{tenant.name}</bdi>
          </Link>
        </h2>
        <p className="line dots small muted">
          <span dir="ltr" className={styles.slug}>
            {tenant.slug}
          </span>
          <span>
            <FormattedMessage id="admin.tenants.members" values={{ count: tenant.members }} />
          </span>
          <span>
            <FormattedMessage id={`admin.tenants.way.${tenant.membership}`} />
          </span>
        </p>
        {tenant.closed_at !== null && <ClosedTag />}
      </div>
    </li>
  );
}

export function ClosedTag() {
  return (
    <p className="line">
      <span className="state bad">
        <Ban className="i s" aria-hidden="true" />
        <FormattedMessage id="admin.tenants.closed" />
      </span>
    </p>
  );
}
