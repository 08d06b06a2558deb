import { PenLine, Pin, Search, ShieldCheck, X } from "lucide-react";
import { useQuery } from "@tanstack/react-query";
import { PeopleField } from "@updspace/kit/peopleField.tsx";
import { usePersonName } from "@updspace/kit/people.tsx";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { Choice } from "@updspace/ui/Choice";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { TextLink } from "@updspace/ui/TextLink";
import { useRef, useState, type ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { boot, may, useSession } from "../../session.ts";
import { NewsList } from "./NewsList.tsx";
import style from "./news.module.css";
import { pinnedQuery } from "./queries.ts";
import type { NewsSearch } from "./search.ts";

interface NewsListPageProps {
  search: NewsSearch;
  onSearch: (change: NewsSearch) => void;
}

/** All news: the pinned ones, then those that are searched for. */
export function NewsListPage({ search, onSearch }: NewsListPageProps) {
  const intl = useIntl();
  const session = useSession();
  const { q, tag, author, sort = "new" } = search;
  const filtered = q !== undefined || tag !== undefined || author !== undefined;
  const writes = may(session, "activity.news.create");
  const write = writes && (
    <LinkButton href="/news/new" variant="primary">
      <PenLine className="i s" aria-hidden="true" />
      <FormattedMessage id="news.write" />
    </LinkButton>
  );
  return (
    <div className={style["page"]}>
      <PageHead
        title={intl.formatMessage({ id: "news.list" })}
        sub={intl.formatMessage({ id: "news.list.sub" }, { tenant: boot.tenant?.name ?? session.tenant.slug })}
      >
        {may(session, "activity.news.manage") && (
          <LinkButton href="/news/moderation">
            <ShieldCheck className="i s" aria-hidden="true" />
            <FormattedMessage id="news.moderate" />
          </LinkButton>
        )}
        {write}
      </PageHead>
      <div className={style["filter"]}>
        <SearchField value={q ?? ""} onChange={(text) => onSearch({ ...search, q: text === "" ? undefined : text })} />
        <PeopleField
          key={author}
          label={intl.formatMessage({ id: "news.author" })}
          onPick={(id) => id !== undefined && onSearch({ ...search, author: id })}
        />
      </div>
      <div className={style["tags"]}>
        <Choice
          label={intl.formatMessage({ id: "news.sort" })}
          value={sort}
          onChange={(to) => onSearch({ ...search, sort: to === "new" ? undefined : to })}
          choices={[
            { id: "new", name: intl.formatMessage({ id: "news.sort.new" }) },
            { id: "best", name: intl.formatMessage({ id: "news.sort.best" }) },
          ]}
        />
        {tag !== undefined && <Chosen onRemove={() => onSearch({ ...search, tag: undefined })}>#{tag}</Chosen>}
        {author !== undefined && (
          <Chosen onRemove={() => onSearch({ ...search, author: undefined })}>
            <AuthorName id={author} />
          </Chosen>
        )}
      </div>
      {!filtered && <Pinned />}
      <section className="vstack" aria-label={intl.formatMessage({ id: "news.list" })}>
        <h2 className="vh">{intl.formatMessage({ id: `news.sort.${sort}` })}</h2>
        <NewsList
          filter={search}
          empty={
            <div className="card">
              <EmptyState
                shape="post"
                title={intl.formatMessage({ id: filtered ? "news.notFound" : "news.none" })}
                action={
                  filtered ? (
                    <Button onPress={() => onSearch({ sort: search.sort })}>
                      <FormattedMessage id="news.filter.clear" />
                    </Button>
                  ) : (
                    write || undefined
                  )
                }
              >
                {intl.formatMessage({ id: filtered ? "news.notFound.text" : "news.none.text" })}
              </EmptyState>
            </div>
          }
        />
      </section>
    </div>
  );
}

const pause = 300; // milliseconds without a keystroke before it is searched

/** The words that are searched for. One letter finds nothing. */
function SearchField({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const intl = useIntl();
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  return (
    <label className="field">
      <span className="lab">{intl.formatMessage({ id: "news.search" })}</span>
      <span className="with-start">
        <Search className="i s" aria-hidden="true" />
        <input
          className="input"
          type="search"
          value={text}
          maxLength={100}
          onChange={(e) => {
            const words = e.target.value.trim();
            setText(e.target.value);
            clearTimeout(timer.current);
            if (words.length !== 1) timer.current = setTimeout(() => onChange(words), pause);
          }}
        />
      </span>
    </label>
  );
}

function AuthorName({ id }: { id: string }) {
  return usePersonName(id);
}

function Chosen({ children, onRemove }: { children: ReactNode; onRemove: () => void }) {
  return (
    <Button size="s" onPress={onRemove}>
      <span className="vh">
        <FormattedMessage id="news.filter.remove" />{" "}
      </span>
      <bdi>{children}</bdi>
      <X className="i s" aria-hidden="true" />
    </Button>
  );
}

/** What moderators have pinned, as a list of titles. */
function Pinned() {
  const { data } = useQuery(pinnedQuery);
  if (data === undefined || data.items.length === 0) return null;
  return (
    <section className="card" aria-labelledby="pinned">
      <div className="card-head">
        <h2 id="pinned">
          <FormattedMessage id="news.pinned" />
        </h2>
      </div>
      <ul className="rows">
        {data.items.map((post) => (
          <li key={post.payload_json.news_id}>
            <TextLink href={`/news/${post.payload_json.news_id}`} className="row">
              <Pin className="i s" aria-hidden="true" />
              <span className="grow">
                <bdi className="strong">{post.title}</bdi>
                <span className="small muted block">
                  <Time at={post.occurred_at} />
                </span>
              </span>
            </TextLink>
          </li>
        ))}
      </ul>
    </section>
  );
}
