import { useQuery } from "@tanstack/react-query";
import { Plus, Search } from "lucide-react";
import { myGroupsQuery, type Group } from "@updspace/kit/groups.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { Button } from "@updspace/ui/Button";
import { Choice } from "@updspace/ui/Choice";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { lazy, Suspense } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { boot, may, useSession } from "../../session.ts";
import { GroupCard } from "./GroupCard.tsx";
import style from "./groups.module.css";
import { communityPages } from "./queries.ts";
import { Waiting } from "./Waiting.tsx";

const FoundDialog = lazy(async () => ({ default: (await import("./FoundDialog.tsx")).FoundDialog }));

export interface CommunitiesSearch {
  q: string;
  archived: boolean;
  found: boolean;
}

interface CommunitiesPageProps {
  search: CommunitiesSearch;
  onSearch: (change: Partial<CommunitiesSearch>) => void;
}

/** The communities of the tenant: one's own first, with what waits for an answer; then all of them. */
export function CommunitiesPage({ search, onSearch }: CommunitiesPageProps) {
  const intl = useIntl();
  const session = useSession();
  const mayFound = may(session, "portal.communities.create");
  const { data: mine = [] } = useQuery(myGroupsQuery);
  const query = usePages(communityPages({ q: search.q, status: search.archived ? "archived" : "active" }));
  const own = mine.filter((g) => g.kind === "COMMUNITY");
  const filtered = search.q !== "" || search.archived;
  const others = (all: Group[]) => (filtered ? all : all.filter((g) => g.my_role === null));
  const nothing = mayFound ? "groups.none.found" : "groups.none.wait";
  return (
    <>
      <PageHead
        title={intl.formatMessage({ id: "nav.communities" })}
        sub={intl.formatMessage({ id: "groups.communities.sub" }, { tenant: boot.tenant?.name ?? "" })}
      >
        {mayFound && (
          <Button variant="primary" onPress={() => onSearch({ found: true })}>
            <Plus className="i s" aria-hidden="true" />
            <FormattedMessage id="groups.found.community" />
          </Button>
        )}
      </PageHead>
      <Waiting />
      {own.length > 0 && !filtered && (
        <section className="vstack" aria-labelledby="mine">
          <h2 id="mine">
            <FormattedMessage id="groups.mine" />
          </h2>
          <div className="tiles">
            {own.map((g) => (
              <GroupCard key={g.id} group={g} />
            ))}
          </div>
        </section>
      )}
      <section className="vstack" aria-labelledby="all">
        <div className={style["bar"]}>
          <h2 id="all">
            <FormattedMessage id={own.length > 0 && !filtered ? "groups.others" : "groups.all"} />
          </h2>
          <div className="with-start">
            <Search className="i s" aria-hidden="true" />
            <input
              className="input"
              type="search"
              aria-label={intl.formatMessage({ id: "groups.search" })}
              placeholder={intl.formatMessage({ id: "groups.search" })}
              value={search.q}
              maxLength={100}
              onChange={(e) => onSearch({ q: e.target.value })}
            />
          </div>
          <Choice
            label={intl.formatMessage({ id: "groups.status" })}
            value={search.archived ? "archived" : "active"}
            onChange={(s) => onSearch({ archived: s === "archived" })}
            choices={[
              { id: "active", name: intl.formatMessage({ id: "groups.active" }) },
              { id: "archived", name: intl.formatMessage({ id: "groups.inArchive" }) },
            ]}
          />
        </div>
        <PagedList
          query={query}
          empty={
            <div className="card">
              <EmptyState title={intl.formatMessage({ id: filtered ? "groups.notFound" : "groups.none" })}>
                {intl.formatMessage({ id: filtered ? "groups.notFound.text" : nothing })}
              </EmptyState>
            </div>
          }
        >
          {(all) => (
            <div className="tiles">
              {others(all).map((g) => (
                <GroupCard key={g.id} group={g} />
              ))}
              {others(all).length === 0 && (
                <p className="muted">
                  <FormattedMessage id="groups.others.none" />
                </p>
              )}
            </div>
          )}
        </PagedList>
      </section>
      <Suspense>{search.found && mayFound && <FoundDialog onClose={() => onSearch({ found: false })} />}</Suspense>
    </>
  );
}
