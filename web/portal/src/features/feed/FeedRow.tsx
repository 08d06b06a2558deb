import type { ReactNode } from "react";
import { FormattedMessage, useIntl, type IntlShape } from "react-intl";
import { GroupTag } from "@updspace/kit/groups.tsx";
import { Person } from "@updspace/kit/people.tsx";
import { inWords, type Texts } from "@updspace/kit/texts.ts";
import { Time } from "@updspace/kit/time.tsx";
import { TextLink } from "@updspace/ui/TextLink";
import type { FeedItem } from "./queries.ts";

const sentences = {
  "post.created": "feed.post",
  "poll.opened": "feed.poll",
  "vote.cast": "feed.vote",
  "event.created": "feed.event",
  "event.rsvp.changed": "feed.answer",
  "achievement.published": "feed.achievement",
  "achievement.granted": "feed.grant",
  "level.reached": "feed.level",
  "season.closed": "feed.season",
  "member.joined": "feed.member",
  "community.created": "feed.community",
  "team.created": "feed.team",
  "feed.entry": "feed.entry",
  "game.event": "feed.game",
  "game.achievement": "feed.game.achievement",
  "game.playtime": "feed.game.playtime",
} as const;

/** What many members did about one thing. */
const groupSentences = { "vote.cast": "feed.votes", "event.rsvp.changed": "feed.answers" } as const;

const isGrouped = (type: string): type is keyof typeof groupSentences => type in groupSentences;

const isKnown = (type: string): type is keyof typeof sentences => type in sentences;

/** One thing that happened: who, what, where, when. */
export function FeedRow({ item }: { item: FeedItem }) {
  const intl = useIntl();
  if (!isKnown(item.type)) return null; // of a later release
  const title = titleOf(intl, item);
  const outside = item.payload_json["url"];
  const link =
    typeof outside === "string" ? (
      <a className="link" href={outside} target="_blank" rel="noreferrer">
        <bdi>{title}</bdi>
      </a>
    ) : item.link === null ? (
      <bdi>{title}</bdi>
    ) : (
      <TextLink href={item.link}>
        <bdi>{title}</bdi>
      </TextLink>
    );
  return (
    <li className="pad vstack s">
      <Head item={item} />
      <p>
        {item.group && isGrouped(item.type) ? (
          <FormattedMessage id={groupSentences[item.type]} values={{ title: link, n: item.group.count }} />
        ) : (
          <FormattedMessage
            id={sentences[item.type]}
            values={{ title: link, here: title === "" ? "yes" : "no", maybe: maybe(item), game: gameOf(item) }}
          />
        )}
      </p>
    </li>
  );
}

/** Who did it, where, and when. No person is named where none did it. */
function Head({ item }: { item: FeedItem }): ReactNode {
  const intl = useIntl();
  const named = item.link?.endsWith(item.scope_id) === true; // the title is the name of the group
  const source = item.payload_json["source_name"];
  const group = item.scope_type !== "TENANT" && !named && <GroupTag id={item.scope_id} />;
  const many = item.group && intl.formatList(item.group.actors.map((a) => a.display_name));
  if (item.actor_user_id !== null && many === undefined) {
    return (
      <Person id={item.actor_user_id} tag={group}>
        <Time at={item.occurred_at} />
      </Person>
    );
  }
  return (
    <div className="line dots small muted">
      {typeof source === "string" && <bdi className="strong">{source}</bdi>}
      {many !== undefined && many !== "" && <bdi className="strong">{many}</bdi>}
      <span>
        <Time at={item.occurred_at} />
      </span>
      {group}
    </div>
  );
}

/** The title in the reader's language, where there are several. A post may have none. */
function titleOf(intl: IntlShape, item: FeedItem): string {
  const names = item.payload_json["names"];
  if (isTexts(names)) return inWords(names, intl.locale);
  return item.title === "" && item.type === "post.created" ? intl.formatMessage({ id: "posts.untitled" }) : item.title;
}

function isTexts(value: unknown): value is Texts {
  return typeof value === "object" && value !== null && Object.values(value).every((text) => typeof text === "string");
}

/** The game of an achievement that was unlocked there. */
const gameOf = (item: FeedItem) => String(item.payload_json["game_name"] ?? "");

/** Whether an answer to an event is "interested", which is less than "going". */
const maybe = (item: FeedItem) => (item.payload_json["status"] === "interested" ? "yes" : "no");
