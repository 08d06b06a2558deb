import { useQueryClient } from "@tanstack/react-query";
import { MessageCircle, SmilePlus } from "lucide-react";
import { activity, ok } from "@updspace/kit/api.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { IconButton } from "@updspace/ui/Button";
import { Menu, MenuItem } from "@updspace/ui/Menu";
import { ActionError } from "@updspace/kit/errors.tsx";
import { TextLink } from "@updspace/ui/TextLink";
import { useIntl } from "react-intl";
import { withReactions } from "./cached.ts";
import style from "./news.module.css";
import { feedKey, newsKey, type NewsItem } from "./queries.ts";

/** What is offered; any emoji that others chose can be joined. */
const offered = ["👍", "❤️", "🔥", "😂", "😮", "😢"];

interface ReactionsProps {
  post: NewsItem;
  /** In a list: with the way to the comments. */
  link: boolean;
}

/** The reactions to a post: each is a switch. Lists that show it stay where they are. */
export function Reactions({ post, link }: ReactionsProps) {
  const intl = useIntl();
  const client = useQueryClient();
  const { news_id, reaction_counts, my_reactions, comments_count } = post.payload_json;
  const react = useAction({
    run: ({ emoji, action }: { emoji: string; action: "add" | "remove" }, headers) =>
      ok(activity.POST("/api/v1/activity/news/{news_id}/reactions", { params: { path: { news_id } }, body: { emoji, action }, headers })),
    onDone: (counts) => {
      for (const queryKey of [[newsKey], [feedKey]]) client.setQueriesData({ queryKey }, (data) => withReactions(data, news_id, counts));
    },
  });
  const left = offered.filter((emoji) => !reaction_counts.some((r) => r.emoji === emoji));
  return (
    <div className="react" role="group" aria-label={intl.formatMessage({ id: "news.reactions" })}>
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
      {link && (
        <TextLink href={`/news/${news_id}`} className={style["comments"] ?? ""}>
          <MessageCircle className="i s" aria-hidden="true" />
          <span aria-hidden="true">{intl.formatNumber(comments_count)}</span>
          <span className="vh">
            {intl.formatMessage({ id: "news.comments" }, { count: comments_count })}: {post.title}
          </span>
        </TextLink>
      )}
      <ActionError error={react.error} />
    </div>
  );
}
