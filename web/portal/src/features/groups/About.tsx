import { useQuery } from "@tanstack/react-query";
import type { Group } from "@updspace/kit/groups.tsx";
import { Person, PersonName } from "@updspace/kit/people.tsx";
import { Time } from "@updspace/kit/time.tsx";
import { FormattedDate, FormattedMessage } from "react-intl";
import style from "./groups.module.css";
import { policyIcons } from "./Policy.tsx";
import { ownersQuery } from "./queries.ts";

/** What a group is for, how one gets in, and who answers for it. */
export function About({ group }: { group: Group }) {
  const { data: owners } = useQuery(ownersQuery(group.id));
  const Icon = policyIcons[group.join_policy];
  return (
    <>
      <section className="card" aria-labelledby="about">
        <div className="card-head">
          <h2 id="about">
            <FormattedMessage id="groups.about" />
          </h2>
        </div>
        <div className={`vstack s ${style["body"]}`}>
          {group.description === "" ? (
            <p className="muted">
              <FormattedMessage id="groups.about.none" />
            </p>
          ) : (
            <p className={style["description"]} dir="auto">
              {group.description}
            </p>
          )}
          <p className="small muted">
            <FormattedMessage
              id="groups.about.founded"
              values={{ person: <PersonName id={group.created_by} />, time: <Time at={group.created_at} /> }}
            />
          </p>
        </div>
      </section>
      <section className="card" aria-labelledby="way-in">
        <div className="card-head">
          <h2 id="way-in">
            <FormattedMessage id="groups.policy" />
          </h2>
        </div>
        <div className={`row ${style["ruled"]}`}>
          <Icon className="i" aria-hidden="true" />
          <div className="grow">
            <p className="strong">
              <FormattedMessage id={`groups.policy.${group.join_policy}`} />
            </p>
            <p className="small muted">
              <FormattedMessage id={`groups.policy.${group.join_policy}.help`} />
            </p>
          </div>
        </div>
      </section>
      {owners && owners.items.length > 0 && (
        <section className="card" aria-labelledby="owners">
          <div className="card-head">
            <h2 id="owners">
              <FormattedMessage id="groups.owners" />
            </h2>
          </div>
          <ul className="rows">
            {owners.items.map((m) => (
              <li key={m.user_id} className="row">
                <Person id={m.user_id}>
                  <FormattedMessage id="groups.member.since" values={{ date: <FormattedDate value={m.joined_at} dateStyle="long" /> }} />
                </Person>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
