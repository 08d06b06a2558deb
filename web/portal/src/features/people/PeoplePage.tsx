import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { communitiesQuery } from "@updspace/kit/groups.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import { Helm } from "@updspace/ui/Helm";
import { PageHead } from "@updspace/ui/PageHead";
import { TextLink } from "@updspace/ui/TextLink";
import { lazy, Suspense } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { boot } from "../../session.ts";
import style from "./people.module.css";
import { peoplePages, type ListedPerson } from "./queries.ts";

// The first paint needs none of it: a quarter of the scripts of this page.
const Select = lazy(async () => ({ default: (await import("@updspace/ui/Select")).Select }));

export interface PeopleSearch {
  q: string;
  community: string;
}

interface PeoplePageProps {
  search: PeopleSearch;
  onSearch: (change: Partial<PeopleSearch>) => void;
}

/** The members of the tenant, by name. */
export function PeoplePage({ search, onSearch }: PeoplePageProps) {
  const intl = useIntl();
  const { data: communities = [] } = useQuery(communitiesQuery);
  const choices = [
    { id: "all", name: intl.formatMessage({ id: "people.everywhere" }) },
    ...communities.map(({ id, name }) => ({ id, name })),
  ];
  const chosen = search.community || "all";
  const query = usePages(peoplePages({ q: search.q, ...(search.community && { community_id: search.community }) }));
  return (
    <>
      <PageHead
        title={intl.formatMessage({ id: "nav.people" })}
        sub={intl.formatMessage({ id: "people.sub" }, { tenant: boot.tenant?.name ?? "" })}
      />
      <div className={style["filter"]}>
        <div className="with-start">
          <Search className="i s" aria-hidden="true" />
          <input
            className="input"
            type="search"
            aria-label={intl.formatMessage({ id: "people.search" })}
            placeholder={intl.formatMessage({ id: "people.search" })}
            value={search.q}
            maxLength={128}
            onChange={(e) => onSearch({ q: e.target.value })}
          />
        </div>
        {communities.length > 0 && (
          <Suspense fallback={<span className="input select">{choices.find((c) => c.id === chosen)?.name}</span>}>
            <Select
              label={intl.formatMessage({ id: "people.community" })}
              hideLabel
              value={chosen}
              onChange={(id) => onSearch({ community: id === "all" ? "" : id })}
              choices={choices}
            />
          </Suspense>
        )}
      </div>
      <PagedList
        query={query}
        empty={
          <div className="card">
            <EmptyState shape="people" title={intl.formatMessage({ id: "people.notFound" })}>
              {intl.formatMessage({ id: "people.notFound.text" })}
            </EmptyState>
          </div>
        }
      >
        {(people) => (
          <ul className={style["grid"]}>
            {people.map((p) => (
              <li key={p.user_id}>
                <PersonCard person={p} />
              </li>
            ))}
          </ul>
        )}
      </PagedList>
    </>
  );
}

function PersonCard({ person }: { person: ListedPerson }) {
  const intl = useIntl();
  return (
    <TextLink href={`/people/${person.user_id}`} className={`card ${style["card"]}`}>
      <Helm id={person.user_id} src={person.avatar_url} size="l" />
      <bdi className="strong">{person.display_name ?? person.username ?? intl.formatMessage({ id: "people.unnamed" })}</bdi>
      {person.username !== null && <bdi className="label muted">@{person.username}</bdi>}
      <span className="label muted">
        <FormattedMessage id="people.communities" values={{ count: person.community_count }} />
      </span>
    </TextLink>
  );
}
