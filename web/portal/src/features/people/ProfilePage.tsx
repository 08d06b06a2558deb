import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Palette, Pencil } from "lucide-react";
import { myGroupsQuery, groupPath, GroupFlag } from "@updspace/kit/groups.tsx";
import { personQuery } from "@updspace/kit/people.tsx";
import { Cover } from "@updspace/ui/Cover";
import { Helm } from "@updspace/ui/Helm";
import { helmOf } from "@updspace/ui/art/designs";
import { LinkButton } from "@updspace/ui/LinkButton";
import { TextLink } from "@updspace/ui/TextLink";
import type { ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { may, useSession } from "../../session.ts";
import style from "./people.module.css";
import { profileQuery } from "./queries.ts";

/** A person: the cover in the person's own dyes, what the person says, and what the person wrote. */
export function ProfilePage({ id, patches, posts }: { id: string; patches: ReactNode; posts: ReactNode }) {
  const intl = useIntl();
  const session = useSession();
  const { data: profile } = useSuspenseQuery(profileQuery(id));
  const { data: person } = useQuery(personQuery(id));
  const own = id === session.user.id;
  const full = `${profile.first_name} ${profile.last_name}`.trim();
  const name = person?.display_name || full || profile.display_name || profile.username || intl.formatMessage({ id: "people.unnamed" });
  const { hue } = helmOf(id);
  return (
    <>
      <div className={style["me"]}>
        <Cover id={id} label={name} colours={{ hue }}>
          <Helm id={id} src={profile.avatar_url} size="xl" />
          <div className={style["who"]}>
            <h1 className="display" tabIndex={-1}>
              <bdi>{name}</bdi>
            </h1>
            <p className="line dots">
              {profile.username !== null && <bdi>@{profile.username}</bdi>}
              {profile.display_name !== null && profile.display_name !== name && <bdi>{profile.display_name}</bdi>}
              {profile.created_at !== null && (
                <span>
                  <FormattedMessage
                    id="people.since"
                    values={{ month: intl.formatDate(profile.created_at, { month: "long", year: "numeric" }) }}
                  />
                </span>
              )}
            </p>
          </div>
        </Cover>
      </div>
      {person?.status === "left" && (
        <p className="card pad">
          <FormattedMessage id="people.left" values={{ name }} />
        </p>
      )}
      {own && may(session, "portal.profile.edit_self") && (
        <div className={style["acts"]}>
          <LinkButton href="/settings?part=picture">
            <Palette className="i s" aria-hidden="true" />
            <FormattedMessage id="people.changePicture" />
          </LinkButton>
          <LinkButton href="/settings" variant="primary">
            <Pencil className="i s" aria-hidden="true" />
            <FormattedMessage id="people.edit" />
          </LinkButton>
        </div>
      )}
      {patches}
      <div className={own || profile.bio ? "with-side" : "vstack"}>
        <section className="vstack" aria-labelledby="posts">
          <h2 id="posts">
            <FormattedMessage id="people.posts" />
          </h2>
          {posts}
        </section>
        {(own || profile.bio) && (
          <aside className={`vstack ${style["side"]}`} aria-label={intl.formatMessage({ id: "people.about" }, { name })}>
            <section className="card" aria-labelledby="bio">
              <div className="card-head">
                <h2 id="bio">
                  <FormattedMessage id="people.bio" />
                </h2>
              </div>
              <p className={`pad ${style["bio"]}`} dir="auto">
                {profile.bio || (
                  <span className="muted">
                    <FormattedMessage id="people.bio.none" />
                  </span>
                )}
              </p>
            </section>
            {own && <FliesWith />}
          </aside>
        )}
      </div>
    </>
  );
}

/** The communities and teams of the person who looks. Those of others are not the portal's to tell. */
function FliesWith() {
  const { data: groups = [] } = useQuery(myGroupsQuery);
  if (groups.length === 0) return null;
  return (
    <section className="card" aria-labelledby="flies">
      <div className="card-head">
        <h2 id="flies">
          <FormattedMessage id="people.fliesWith" />
        </h2>
      </div>
      <div className="rows">
        {groups.map((g) => (
          <TextLink key={g.id} href={groupPath(g)} className="row">
            <GroupFlag group={g} />
            <span className="grow strong">
              <bdi>{g.name}</bdi>
            </span>
          </TextLink>
        ))}
      </div>
    </section>
  );
}
