import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { EyeOff, Lock, Pin } from "lucide-react";
import { activity, ok } from "@updspace/kit/api.ts";
import { GroupTag } from "@updspace/kit/groups.tsx";
import { Person, usePersonName } from "@updspace/kit/people.tsx";
import { Time } from "@updspace/kit/time.tsx";
import { Crumb } from "@updspace/ui/PageHead";
import { ServerHtml } from "@updspace/ui/ServerHtml";
import { Skeleton } from "@updspace/ui/Skeleton";
import { lazy, Suspense, useEffect } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { NewsMenu } from "./NewsMenu.tsx";
import { Reactions } from "./Reactions.tsx";
import { Thread } from "./Thread.tsx";
import style from "./news.module.css";
import { newsQuery, type NewsItem } from "./queries.ts";

const Editor = lazy(async () => ({ default: (await import("./Editor.tsx")).Editor }));

/** One post of the news with its thread; `edit` shows it as a form. */
export function NewsPage({ id, edit }: { id: string; edit: boolean }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const { data: post } = useSuspenseQuery(newsQuery(id));
  const p = post.payload_json;
  useView(post);
  const leave = () => void navigate({ to: "/news/$id", params: { id }, search: {}, replace: true });
  return (
    <div className={style["page"]}>
      <Crumb href="/" name={intl.formatMessage({ id: "nav.home" })} />
      {edit && p.can_edit ? (
        <>
          <h1 tabIndex={-1}>{intl.formatMessage({ id: "news.edit.title" })}</h1>
          <Suspense fallback={<Skeleton label={intl.formatMessage({ id: "loading" })} />}>
            <Editor post={post} onDone={leave} />
          </Suspense>
        </>
      ) : (
        <>
          <article className="card post">
            <div className="in">
              <Head post={post} onDeleted={() => void navigate({ href: "/" })} />
              <Standing post={post} />
              <h1 className={p.title === null ? "vh" : "title"} tabIndex={-1}>
                <bdi>{post.title}</bdi>
              </h1>
              {p.body_html === "" ? <p className="text">{p.body}</p> : <ServerHtml html={p.body_html} className="text" />}
              {p.tags.length > 0 && (
                <ul className={style["tags"]} aria-label={intl.formatMessage({ id: "news.tags" })}>
                  {p.tags.map((tag) => (
                    <li key={tag} className="state quiet">
                      #<bdi>{tag}</bdi>
                    </li>
                  ))}
                </ul>
              )}
              <Pictures post={post} />
              {p.status === "published" && !p.hidden && <Reactions post={post} />}
            </div>
          </article>
          {p.status === "published" && <Thread post={post} />}
        </>
      )}
    </div>
  );
}

/** Tells the server once that the person saw the post. */
function useView({ payload_json: { news_id, status, hidden } }: NewsItem) {
  const seen = status === "published" && !hidden;
  useEffect(() => {
    if (!seen) return;
    // A view that is not counted is no loss to the reader.
    void ok(activity.POST("/api/v1/activity/news/{news_id}/views", { params: { path: { news_id } }, body: {} })).catch(() => undefined);
  }, [news_id, seen]);
}

function Head({ post, onDeleted }: { post: NewsItem; onDeleted: () => void }) {
  const p = post.payload_json;
  return (
    <header className="by">
      <div className="grow">
        <Person id={post.actor_user_id ?? ""} tag={post.scope_type !== "TENANT" && <GroupTag id={post.scope_id} />}>
          <span className="line dots">
            <span>
              <Time at={post.occurred_at} />
            </span>
            {p.edited_at !== null && (
              <span>
                <FormattedMessage id="news.edited" />
              </span>
            )}
            <span>
              <FormattedMessage id="news.views" values={{ count: p.views_count }} />
            </span>
          </span>
        </Person>
      </div>
      <NewsMenu post={post} onDeleted={onDeleted} />
    </header>
  );
}

/** What is special about the post: not published, pinned, hidden, for few. */
function Standing({ post }: { post: NewsItem }) {
  const p = post.payload_json;
  return (
    <>
      {p.status === "draft" && (
        <p className={style["standing"]}>
          <FormattedMessage id="news.draft" />
        </p>
      )}
      {p.status === "scheduled" && p.publish_at !== null && (
        <p className={style["standing"]}>
          <FormattedMessage id="news.scheduled" values={{ at: <Time at={p.publish_at} exact /> }} />
        </p>
      )}
      {p.pinned && (
        <p className={style["standing"]}>
          <Pin className="i s" aria-hidden="true" />
          <FormattedMessage id="news.pinned" />
        </p>
      )}
      {post.visibility === "private" && (
        <p className={style["standing"]}>
          <Lock className="i s" aria-hidden="true" />
          <FormattedMessage id="news.private" />
        </p>
      )}
      {p.hidden && (
        <p className={style["hidden"]}>
          <EyeOff className="i s" aria-hidden="true" />
          <FormattedMessage id="news.hidden" values={{ reason: p.hidden_reason ?? "" }} />
        </p>
      )}
    </>
  );
}

function Pictures({ post }: { post: NewsItem }) {
  const intl = useIntl();
  const name = usePersonName(post.actor_user_id ?? "");
  return post.payload_json.media.map((m) =>
    m.url === null ? null : m.type === "image" ? (
      <figure key={m.url} className={style["picture"]}>
        <a href={m.url} target="_blank" rel="noreferrer">
          <img
            src={m.thumbnail_url}
            width={m.width}
            height={m.height}
            alt={m.caption ?? intl.formatMessage({ id: "news.picture" }, { name })}
            loading="lazy"
            decoding="async"
          />
        </a>
        {m.caption != null && <figcaption className="muted">{m.caption}</figcaption>}
      </figure>
    ) : (
      <p key={m.url}>
        <a href={m.url} target="_blank" rel="noreferrer">
          {m.title ?? intl.formatMessage({ id: "news.video" })}
        </a>
      </p>
    ),
  );
}
