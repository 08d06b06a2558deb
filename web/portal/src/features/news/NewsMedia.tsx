import { ExternalLink } from "lucide-react";
import { usePersonName } from "@updspace/kit/people.tsx";
import { useIntl } from "react-intl";
import style from "./news.module.css";
import type { NewsItem } from "./queries.ts";

/** The pictures and videos of a post. Videos are links: the page shows nothing of other sites. */
export function NewsMedia({ post }: { post: NewsItem }) {
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
      <a key={m.url} href={m.url} target="_blank" rel="noreferrer" className={style["video"]}>
        <ExternalLink className="i" aria-hidden="true" />
        <span className="grow">
          <span className="strong block">{m.title ?? intl.formatMessage({ id: "news.video" })}</span>
          <span className="small muted">youtube.com</span>
        </span>
      </a>
    ),
  );
}
