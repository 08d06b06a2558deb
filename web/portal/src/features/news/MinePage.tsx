import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ErrorPage } from "@updspace/kit/errors.tsx";
import { Time } from "@updspace/kit/time.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { Skeleton } from "@updspace/ui/Skeleton";
import { TextLink } from "@updspace/ui/TextLink";
import { FormattedMessage, useIntl } from "react-intl";
import { Editor } from "./Editor.tsx";
import style from "./news.module.css";
import { unpublishedQuery } from "./queries.ts";

/** A new post, and one's drafts and scheduled posts. */
export function MinePage() {
  const intl = useIntl();
  const navigate = useNavigate();
  return (
    <div className={style["page"]}>
      <PageHead title={intl.formatMessage({ id: "news.new" })} back={{ href: "/news", name: intl.formatMessage({ id: "news.list" }) }} />
      <Editor onDone={({ payload_json: { news_id } }) => void navigate({ to: "/news/$id", params: { id: news_id }, search: {} })} />
      <Unpublished status="scheduled" />
      <Unpublished status="draft" />
    </div>
  );
}

function Unpublished({ status }: { status: "draft" | "scheduled" }) {
  const intl = useIntl();
  const query = useQuery(unpublishedQuery(status));
  return (
    <section className="card pad vstack" aria-labelledby={status}>
      <h2 id={status}>
        <FormattedMessage id={status === "draft" ? "news.drafts" : "news.scheduled.title"} />
      </h2>
      {query.isPending ? (
        <Skeleton rows={2} label={intl.formatMessage({ id: "loading" })} />
      ) : query.isError ? (
        <ErrorPage error={query.error} retry={() => void query.refetch()} />
      ) : query.data.length === 0 ? (
        <EmptyState shape="post" title={intl.formatMessage({ id: status === "draft" ? "news.drafts.none" : "news.scheduled.none" })} />
      ) : (
        <ul className={style["list"]}>
          {query.data.map((post) => (
            <li key={post.payload_json.news_id}>
              <TextLink href={`/news/${post.payload_json.news_id}?edit=true`}>
                <bdi>{post.title}</bdi>
              </TextLink>{" "}
              {post.payload_json.publish_at !== null && <Time at={post.payload_json.publish_at} exact />}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
