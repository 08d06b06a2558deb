import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import type { ReactNode } from "react";
import { useIntl } from "react-intl";
import { PostCard } from "./PostCard.tsx";
import { postPages, type PostFilter } from "./queries.ts";

interface PostListProps {
  filter: PostFilter;
  /** What stands there when there are no posts; a general sentence when left out. */
  empty?: ReactNode;
}

/** Posts, newest first. */
export function PostList({ filter, empty }: PostListProps) {
  const intl = useIntl();
  const query = usePages(postPages(filter));
  const within = filter.team_id ?? filter.community_id;
  const nothing = (
    <div className="card">
      <EmptyState shape="post" title={intl.formatMessage({ id: "posts.empty.title" })}>
        {intl.formatMessage({ id: "posts.empty.text" })}
      </EmptyState>
    </div>
  );
  return (
    <PagedList query={query} empty={empty ?? nothing}>
      {(posts) => posts.map((post) => <PostCard key={post.id} post={post} within={within} />)}
    </PagedList>
  );
}
