import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { useSettled } from "@updspace/kit/settled.ts";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { SearchField } from "@updspace/ui/SearchField";
import { Select } from "@updspace/ui/Select";
import { AccountRow } from "./AccountRow.tsx";
import styles from "./Accounts.module.css";
import { accountPages } from "./queries.ts";
import { accountSearch, kinds, statuses, type AccountSearch } from "./search.ts";

/** The accounts of the platform. */
export function Accounts({ search }: { search: AccountSearch }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const [typed, setTyped] = useState(search.q ?? "");
  const q = useSettled(typed.trim());
  const choose = (change: Record<string, string>) =>
    void navigate({ to: "/admin/accounts", search: accountSearch({ ...search, q, ...change }), replace: true });
  useEffect(() => {
    if (q !== (search.q ?? "")) void navigate({ to: "/admin/accounts", search: accountSearch({ ...search, q }), replace: true });
  }, [q, search, navigate]);
  const query = usePages(accountPages(search));
  const all = { id: "all" as const, name: intl.formatMessage({ id: "admin.accounts.all" }) };
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "admin.accounts" })} sub={intl.formatMessage({ id: "admin.accounts.sub" })} />
      <div className={styles.tools}>
        <SearchField label={intl.formatMessage({ id: "admin.accounts.find" })} value={typed} onChange={setTyped} />
        <Select
          label={intl.formatMessage({ id: "admin.accounts.status" })}
          hideLabel
          value={search.status ?? "all"}
          onChange={(status) => choose({ status })}
          choices={[all, ...statuses.map((id) => ({ id, name: intl.formatMessage({ id: `admin.status.${id}` }) }))]}
        />
        <Select
          label={intl.formatMessage({ id: "admin.accounts.only" })}
          hideLabel
          value={search.only ?? "all"}
          onChange={(only) => choose({ only })}
          choices={[
            { ...all, name: intl.formatMessage({ id: "admin.only.all" }) },
            ...kinds.map((id) => ({ id, name: intl.formatMessage({ id: `admin.only.${id}` }) })),
          ]}
        />
      </div>
      <PagedList
        query={query}
        empty={
          <div className="card">
            <EmptyState title={intl.formatMessage({ id: "admin.accounts.none" })} shape="people">
              <FormattedMessage id="admin.accounts.none.text" />
            </EmptyState>
          </div>
        }
      >
        {(accounts) => (
          <ul className="card rows">
            {accounts.map((a) => (
              <AccountRow key={a.id} account={a} />
            ))}
          </ul>
        )}
      </PagedList>
    </>
  );
}
