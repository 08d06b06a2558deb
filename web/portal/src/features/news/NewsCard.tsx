import { useEffect, useRef } from "react";
import { NewsPost } from "./NewsPost.tsx";
import type { NewsItem } from "./queries.ts";
import { countView } from "./views.ts";

const seen = 0.55; // of a post, or of the window when the post is higher

/** A post of the news in a list, whole. It counts as seen when more than half of it is in view. */
export function NewsCard({ post }: { post: NewsItem }) {
  const card = useRef<HTMLElement>(null);
  const id = post.payload_json.news_id;
  useEffect(() => {
    const box = card.current;
    if (!box) return;
    const share = Math.min(seen, (seen * innerHeight) / Math.max(1, box.offsetHeight));
    const watch = new IntersectionObserver(
      (entries) => {
        if (!entries.some((e) => e.isIntersecting)) return;
        watch.disconnect();
        countView(id);
      },
      { threshold: share },
    );
    watch.observe(box);
    return () => watch.disconnect();
  }, [id]);
  return (
    <article className="card post" ref={card}>
      <div className="in">
        <NewsPost post={post} link onDeleted={() => undefined} />
      </div>
    </article>
  );
}
