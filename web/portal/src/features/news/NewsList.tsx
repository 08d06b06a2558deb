import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import type { ReactNode } from "react";
import { useIntl } from "react-intl";
import { NewsCard } from "./NewsCard.tsx";
import { newsPages, type NewsFilter } from "./queries.ts";

interface NewsListProps {
  filter: NewsFilter;
  /** What stands there when nothing matches; what news are when left out. */
  empty?: ReactNode;
}

/** News that match, each post whole. */
export function NewsList({ filter, empty }: NewsListProps) {
  const intl = useIntl();
  const query = usePages(newsPages(filter));
  const nothing = (
    <div className="card">
      <EmptyState shape="post" title={intl.formatMessage({ id: "news.none" })}>
        {intl.formatMessage({ id: "news.none.text" })}
      </EmptyState>
    </div>
  );
  return (
    <PagedList query={query} empty={empty ?? nothing}>
      {(posts) => posts.map((post) => <NewsCard key={post.payload_json.news_id} post={post} />)}
    </PagedList>
  );
}
