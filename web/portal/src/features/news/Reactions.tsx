import { SmilePlus } from "lucide-react";
import { activity, ok } from "@updspace/kit/api.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { IconButton } from "@updspace/ui/Button";
import { Menu, MenuItem } from "@updspace/ui/Menu";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useIntl } from "react-intl";
import style from "./news.module.css";
import { staleNews, type NewsItem } from "./queries.ts";

/** What is offered; any emoji that others chose can be joined. */
const offered = ["👍", "❤️", "🔥", "😂", "😮", "😢"];

/** The reactions to a post: each is a switch. */
export function Reactions({ post }: { post: NewsItem }) {
  const intl = useIntl();
  const { news_id, reaction_counts, my_reactions } = post.payload_json;
  const react = useAction({
    run: ({ emoji, action }: { emoji: string; action: "add" | "remove" }, headers) =>
      ok(activity.POST("/api/v1/activity/news/{news_id}/reactions", { params: { path: { news_id } }, body: { emoji, action }, headers })),
    stale: staleNews,
  });
  const left = offered.filter((emoji) => !reaction_counts.some((r) => r.emoji === emoji));
  return (
    <div className={style["reactions"]} role="group" aria-label={intl.formatMessage({ id: "news.reactions" })}>
      {reaction_counts.map(({ emoji, count }) => {
        const mine = my_reactions.includes(emoji);
        return (
          <button
            key={emoji}
            type="button"
            aria-pressed={mine}
            aria-label={intl.formatMessage({ id: "news.reaction" }, { emoji, count })}
            disabled={react.pending}
            onClick={() => react.start({ emoji, action: mine ? "remove" : "add" })}
          >
            <span aria-hidden="true">
              {emoji} {intl.formatNumber(count)}
            </span>
          </button>
        );
      })}
      {left.length > 0 && (
        <Menu
          label={intl.formatMessage({ id: "news.react" })}
          trigger={
            <IconButton label={intl.formatMessage({ id: "news.react" })}>
              <SmilePlus className="i" aria-hidden="true" />
            </IconButton>
          }
        >
          {left.map((emoji) => (
            <MenuItem key={emoji} text={emoji} onAction={() => react.start({ emoji, action: "add" })}>
              {emoji}
            </MenuItem>
          ))}
        </Menu>
      )}
      <ActionError error={react.error} />
    </div>
  );
}
