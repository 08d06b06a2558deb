import { EyeOff, Lock, Pin } from "lucide-react";
import { GroupTag } from "@updspace/kit/groups.tsx";
import { Person } from "@updspace/kit/people.tsx";
import { Time } from "@updspace/kit/time.tsx";
import { ServerHtml } from "@updspace/ui/ServerHtml";
import { TextLink } from "@updspace/ui/TextLink";
import { FormattedMessage, useIntl } from "react-intl";
import { NewsMedia } from "./NewsMedia.tsx";
import { NewsMenu } from "./NewsMenu.tsx";
import { Reactions } from "./Reactions.tsx";
import style from "./news.module.css";
import type { NewsItem } from "./queries.ts";

interface NewsPostProps {
  post: NewsItem;
  /** In a list: the time and the title lead to the page of the post. */
  link?: boolean;
  onDeleted: () => void;
}

/** A post of the news, whole. */
export function NewsPost({ post, link = false, onDeleted }: NewsPostProps) {
  const intl = useIntl();
  const p = post.payload_json;
  return (
    <>
      <Head post={post} link={link} onDeleted={onDeleted} />
      <Standing post={post} />
      {link ? (
        p.title !== null && (
          <h3 className="title">
            <TextLink href={`/news/${p.news_id}`} className="">
              <bdi>{post.title}</bdi>
            </TextLink>
          </h3>
        )
      ) : (
        <h1 className={p.title === null ? "vh" : "title"} tabIndex={-1}>
          <bdi>{post.title}</bdi>
        </h1>
      )}
      {p.body_html === "" ? <p className="text">{p.body}</p> : <ServerHtml html={p.body_html} className="text" />}
      <NewsMedia post={post} />
      {p.tags.length > 0 && (
        <ul className={style["tags"]} aria-label={intl.formatMessage({ id: "news.tags" })}>
          {p.tags.map((tag) => (
            <li key={tag}>
              <TextLink href={`/news?tag=${encodeURIComponent(tag)}`} className={style["tag"] ?? ""}>
                #<bdi>{tag}</bdi>
              </TextLink>
            </li>
          ))}
        </ul>
      )}
      {p.status === "published" && !p.hidden && <Reactions post={post} link={link} />}
    </>
  );
}

function Head({ post, link, onDeleted }: NewsPostProps) {
  const p = post.payload_json;
  return (
    <header className="by">
      <div className="grow">
        <Person id={post.actor_user_id ?? ""} tag={post.scope_type !== "TENANT" && <GroupTag id={post.scope_id} />}>
          <span className="line dots">
            <span>
              {link ? (
                <TextLink href={`/news/${p.news_id}`} className={style["when"] ?? ""}>
                  <Time at={post.occurred_at} />
                </TextLink>
              ) : (
                <Time at={post.occurred_at} />
              )}
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
