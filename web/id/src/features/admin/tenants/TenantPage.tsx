import { useSuspenseQuery } from "@tanstack/react-query";
import { FormattedMessage, useIntl } from "react-intl";
import { Time } from "@updspace/kit/time.tsx";
import { Flag } from "@updspace/ui/Flag";
import { PageHead } from "@updspace/ui/PageHead";
import { tenantQuery } from "./queries.ts";
import { TenantEnd } from "./TenantEnd.tsx";
import { ClosedTag } from "./Tenants.tsx";
import styles from "./Tenants.module.css";
import { TenantSettings } from "./TenantSettings.tsx";

/** One community. */
export function TenantPage({ slug }: { slug: string }) {
  const intl = useIntl();
  const { data: tenant } = useSuspenseQuery(tenantQuery(slug));
  const open = tenant.closed_at === null;
  return (
    <>
      <PageHead
        title={tenant.name}
        sub={
          <span className="line dots">
            {open ? (
              <a href={tenant.url} className={`link ${styles.slug}`} dir="ltr">
                {tenant.url}
              </a>
            ) : (
              <span className={styles.slug} dir="ltr">
                {tenant.url}
              </span>
            )}
            <span>
              <FormattedMessage id="admin.tenants.members" values={{ count: tenant.members }} />
            </span>
            <span>
              <FormattedMessage id="admin.tenants.since" values={{ time: <Time at={tenant.created_at} /> }} />
            </span>
          </span>
        }
        lead={<Flag id={tenant.id} of="tenant" size="l" colours={tenant} />}
        back={{ href: "/admin/tenants", name: intl.formatMessage({ id: "admin.tenants" }) }}
      />
      {open ? <TenantSettings tenant={tenant} /> : <ClosedTag />}
      <TenantEnd tenant={tenant} />
    </>
  );
}
