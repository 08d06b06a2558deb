import { Archive } from "lucide-react";
import { groupColours, groupPath, GroupFlag, type Group } from "@updspace/kit/groups.tsx";
import { PersonStack } from "@updspace/kit/people.tsx";
import { ClothStrip } from "@updspace/ui/Cover";
import { TextLink } from "@updspace/ui/TextLink";
import { FormattedMessage } from "react-intl";
import style from "./groups.module.css";
import { JoinButton } from "./JoinButton.tsx";
import { Policy } from "./Policy.tsx";

/** A community as a card under its own cloth. */
export function GroupCard({ group }: { group: Group }) {
  return (
    <article className={`card ${style["tile"]}`}>
      <ClothStrip id={group.id} colours={groupColours(group)} />
      <div className={style["tile-in"]}>
        <GroupFlag group={group} size="l" />
        <h3>
          <TextLink href={groupPath(group)} className={style["whole"] ?? ""}>
            <bdi>{group.name}</bdi>
          </TextLink>
        </h3>
        {group.description !== "" && <p className={`small muted ${style["lines"]}`}>{group.description}</p>}
        <p className="label muted">
          <FormattedMessage id="groups.members.count" values={{ count: group.member_count }} />
        </p>
      </div>
      <div className={style["tile-foot"]}>
        <PersonStack people={group.faces} most={4} />
        {group.status === "archived" ? (
          <span className="state quiet">
            <Archive className="i s" aria-hidden="true" />
            <FormattedMessage id="groups.archived" />
          </span>
        ) : (
          <span className={style["above"]}>
            {group.my_state === "none" && group.join_policy === "invite" ? (
              <span className="small muted">
                <Policy policy="invite" />
              </span>
            ) : (
              <JoinButton group={group} size="s" />
            )}
          </span>
        )}
      </div>
    </article>
  );
}

/** A team as a row. */
export function GroupRow({ group }: { group: Group }) {
  return (
    <div className={`row hover ${style["row"]}`}>
      <GroupFlag group={group} />
      <div className="grow">
        <TextLink href={groupPath(group)} className={`strong ${style["whole"]}`}>
          <bdi>{group.name}</bdi>
        </TextLink>
        <div className="small muted line dots">
          <span>
            <FormattedMessage id="groups.members.count" values={{ count: group.member_count }} />
          </span>
          <span>
            <Policy policy={group.join_policy} />
          </span>
        </div>
      </div>
      <span className={style["above"]}>
        {group.status === "archived" ? (
          <span className="state quiet">
            <Archive className="i s" aria-hidden="true" />
            <FormattedMessage id="groups.archived" />
          </span>
        ) : (
          <JoinButton group={group} size="s" />
        )}
      </span>
    </div>
  );
}
