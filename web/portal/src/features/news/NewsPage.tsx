import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Crumb } from "@updspace/ui/PageHead";
import { Skeleton } from "@updspace/ui/Skeleton";
import { lazy, Suspense, useEffect } from "react";
import { useIntl } from "react-intl";
import { about, useLive } from "../../live/useLive.ts";
import { NewsPost } from "./NewsPost.tsx";
import { Thread } from "./Thread.tsx";
import style from "./news.module.css";
import { newsKey, newsQuery } from "./queries.ts";
import { countView } from "./views.ts";

const Editor = lazy(async () => ({ default: (await import("./Editor.tsx")).Editor }));

/** One post of the news with its thread; `edit` shows it as a form. */
export function NewsPage({ id, edit }: { id: string; edit: boolean }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const { data: post } = useSuspenseQuery(newsQuery(id));
  const p = post.payload_json;
  const published = p.status === "published" && !p.hidden;
  useEffect(() => (published ? countView(id) : undefined), [published, id]);
  // While it is edited, nothing of what is written must go.
  useLive((event) => about(`news:${id}`, event), [newsKey, id], !edit);
  const leave = () => void navigate({ to: "/news/$id", params: { id }, search: {}, replace: true });
  return (
    <div className={style["page"]}>
      <Crumb href="/news" name={intl.formatMessage({ id: "news.list" })} />
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
              <NewsPost post={post} onDeleted={() => void navigate({ to: "/news" })} />
            </div>
          </article>
          {p.status === "published" && <Thread post={post} />}
        </>
      )}
    </div>
  );
}
