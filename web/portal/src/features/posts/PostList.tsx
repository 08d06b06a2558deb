import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import { useDeferredValue, useState, type ReactNode } from "react";
import { useIntl } from "react-intl";
import { PostCard } from "./PostCard.tsx";
import { postPages, type PostFilter, type PostSummary } from "./queries.ts";

interface PostListProps {
  filter: PostFilter;
  /** What stands there when there are no posts; a general sentence when left out. */
  empty?: ReactNode;
}

/** Posts, newest first. */
export function PostList({ filter, empty }: PostListProps) {
  const intl = useIntl();
  const query = usePages(postPages(filter));
  const [justCame] = useState(() => query.isPending || Date.now() - query.dataUpdatedAt < justNow);
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
      {(posts) => <Posts posts={posts} within={within} atOnce={justCame ? firstPosts : posts.length} />}
    </PagedList>
  );
}

const firstPosts = 3; // more than fit on a screen
const justNow = 3000; // milliseconds: the first page of a visit, which may come before its list is drawn

interface PostsProps {
  posts: PostSummary[];
  within: string | undefined;
  atOnce: number;
}

/** Some posts at once, so that there is something to read, and the others when the device has time. A list that a person comes back to
 * is whole at once, or the place in it would be lost. */
function Posts({ posts, within, atOnce }: PostsProps) {
  const shown = useDeferredValue(posts.length, Math.min(atOnce, posts.length));
  return posts.slice(0, shown).map((post) => <PostCard key={post.id} post={post} within={within} />);
}
