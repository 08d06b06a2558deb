import { Link } from "@tanstack/react-router";
import { Vote } from "lucide-react";
import { flagOf } from "@updspace/ui/art/designs";
import { ClothStrip } from "@updspace/ui/Cover";
import { LinkButton } from "@updspace/ui/LinkButton";
import { FormattedMessage } from "react-intl";
import { boot } from "../../session.ts";
import { groupColours } from "@updspace/kit/groups.tsx";
import { Place, useGroup } from "./Place.tsx";
import { PollTime } from "./PollTime.tsx";
import type { MyPoll } from "./types.ts";
import { vh } from "./words.tsx";
import css from "./PollsPage.module.css";

/** A poll that waits for my vote, in the colours of whose it is. */
export function TodoCard({ item: { poll }, first }: { item: MyPoll; first: boolean }) {
  const group = useGroup(poll);
  const colours = poll.scope_type === "TENANT" ? (boot.tenant ?? undefined) : flagOf(poll.scope_id, group && groupColours(group));
  return (
    <li className={`card ${css["todo"]}`}>
      <ClothStrip id={poll.id} colours={colours} />
      <div className="pad vstack">
        <div className="vstack s">
          <span className="small muted">
            <Place poll={poll} />
          </span>
          <h3 className={css["title"]} dir="auto">
            <Link to="/polls/$id" params={{ id: poll.id }}>
              {poll.title}
            </Link>
          </h3>
          <PollTime poll={poll} />
        </div>
        <LinkButton href={`/polls/${poll.id}/vote`} variant={first ? "primary" : "soft"}>
          <Vote className="i s" aria-hidden="true" />
          <FormattedMessage id="polls.vote" values={{ title: poll.title, vh }} />
        </LinkButton>
      </div>
    </li>
  );
}
