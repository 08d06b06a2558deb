import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useGroupName } from "@updspace/kit/groups.tsx";
import { usePersonName } from "@updspace/kit/people.tsx";
import { Crumb } from "@updspace/ui/PageHead";
import { ServerHtml } from "@updspace/ui/ServerHtml";
import { Skeleton } from "@updspace/ui/Skeleton";
import { lazy, Suspense } from "react";
import { useIntl } from "react-intl";
import { about, useLive } from "../../live/useLive.ts";
import { Downloads, Media } from "./Media.tsx";
import { PostHead } from "./PostCard.tsx";
import style from "./posts.module.css";
import { postQuery, postsKey } from "./queries.ts";

const EditPost = lazy(async () => ({ default: (await import("./EditPost.tsx")).EditPost }));

/** One post with its whole text; `edit` shows it as a form. */
export function PostPage({ id, edit }: { id: string; edit: boolean }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const { data: post } = useSuspenseQuery(postQuery(id));
  // While it is edited, nothing of what is written must go.
  useLive((event) => about(`post:${id}`, event), [postsKey, id], !edit);
  const name = usePersonName(post.created_by);
  const group = useGroupName(post.team_id ?? post.community_id);
  const home = post.team_id ? `/t/${post.team_id}` : post.community_id ? `/c/${post.community_id}` : "/";
  const title = post.title || intl.formatMessage({ id: "posts.by" }, { name });
  const leave = () => void navigate({ to: "/posts/$id", params: { id }, search: {}, replace: true });
  return (
    <div className={style["page"]}>
      <Crumb href={home} name={group ?? intl.formatMessage({ id: "nav.home" })} />
      {edit ? (
        <>
          <h1 tabIndex={-1}>{intl.formatMessage({ id: "posts.edit.title" })}</h1>
          <Suspense fallback={<Skeleton label={intl.formatMessage({ id: "loading" })} />}>
            <EditPost post={post} onClose={leave} />
          </Suspense>
        </>
      ) : (
        <article className="card post">
          <div className={`in ${style["full"]}`}>
            <PostHead post={post} onDeleted={() => void navigate({ href: home })} />
            <h1 className={post.title ? "title" : "vh"} tabIndex={-1}>
              <bdi>{title}</bdi>
            </h1>
            {post.body_html !== "" && <ServerHtml html={post.body_html} className="text" />}
            <Media attachments={post.attachments} />
            <Downloads attachments={post.attachments} />
          </div>
        </article>
      )}
    </div>
  );
}
