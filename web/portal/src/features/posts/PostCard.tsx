import { Lock, UsersRound } from "lucide-react";
import { GroupTag } from "@updspace/kit/groups.tsx";
import { Person } from "@updspace/kit/people.tsx";
import { Time } from "@updspace/kit/time.tsx";
import { ServerHtml } from "@updspace/ui/ServerHtml";
import { TextLink } from "@updspace/ui/TextLink";
import { FormattedMessage, useIntl } from "react-intl";
import { Downloads, Media } from "./Media.tsx";
import { PostMenu } from "./PostMenu.tsx";
import style from "./posts.module.css";
import type { Post, PostSummary } from "./queries.ts";

/** A post in a list; `within` is the group that the list is of, which needs no naming. */
export function PostCard({ post, within }: { post: PostSummary; within?: string | undefined }) {
  const intl = useIntl();
  const address = `/posts/${post.id}`;
  return (
    <article className="card post">
      <div className="in">
        <PostHead post={post} within={within} />
        {post.title !== "" && (
          <h3 className="title">
            <TextLink href={address} className="">
              <bdi>{post.title}</bdi>
            </TextLink>
          </h3>
        )}
        {post.excerpt_html !== "" && <ServerHtml html={post.excerpt_html} className="text" />}
        {post.truncated && (
          <TextLink href={address}>
            <FormattedMessage id="posts.more" />
            <span className="vh">: {post.title || intl.formatMessage({ id: "posts.untitled" })}</span>
          </TextLink>
        )}
      </div>
      <Media attachments={post.attachments} at={address} />
      <Downloads attachments={post.attachments} padded />
    </article>
  );
}

interface PostHeadProps {
  post: Post | PostSummary;
  within?: string | undefined;
  onDeleted?: () => void;
}

/** Who wrote it, where, when, and what can be done with it. */
export function PostHead({ post, within, onDeleted }: PostHeadProps) {
  const group = post.team_id ?? post.community_id;
  return (
    <header className="by">
      <div className="grow">
        <Person id={post.created_by} tag={group && group !== within && <GroupTag id={group} />}>
          <span className="line dots">
            <span>
              <TextLink href={`/posts/${post.id}`} className={style["when"] ?? ""}>
                <Time at={post.created_at} />
              </TextLink>
            </span>
            {post.edited && (
              <span>
                <FormattedMessage id="posts.edited" />
              </span>
            )}
            {post.visibility === "private" && (
              <span className="state quiet">
                <Lock className="i s" aria-hidden="true" />
                <FormattedMessage id="posts.place.private" />
              </span>
            )}
            {post.visibility === "team" && (
              <span className="state quiet">
                <UsersRound className="i s" aria-hidden="true" />
                <FormattedMessage id="posts.team.only" />
              </span>
            )}
          </span>
        </Person>
      </div>
      <PostMenu post={post} {...(onDeleted && { onDeleted })} />
    </header>
  );
}
