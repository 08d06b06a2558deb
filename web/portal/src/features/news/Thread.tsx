import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { FormattedMessage, useIntl } from "react-intl";
import { CommentForm } from "./CommentForm.tsx";
import { CommentRow } from "./CommentRow.tsx";
import style from "./news.module.css";
import { commentPages, type NewsItem } from "./queries.ts";

/** The comments of a post, and a field for one's own. */
export function Thread({ post }: { post: NewsItem }) {
  const intl = useIntl();
  const { news_id, comments_count, comments_locked, hidden } = post.payload_json;
  const query = usePages(commentPages(news_id));
  return (
    <section className="card pad vstack" aria-labelledby="comments">
      <h2 id="comments">
        <FormattedMessage id="news.comments" values={{ count: comments_count }} />
      </h2>
      {comments_locked ? (
        <p className="muted">
          <FormattedMessage id="news.comments.locked" />
        </p>
      ) : (
        !hidden && <CommentForm post={news_id} />
      )}
      <PagedList query={query} empty={<p className="muted">{intl.formatMessage({ id: "news.comments.none" })}</p>}>
        {(comments) => (
          <ol className={style["thread"]}>
            {comments.map((c) => (
              <CommentRow key={c.id} post={news_id} comment={c} />
            ))}
          </ol>
        )}
      </PagedList>
    </section>
  );
}
