import { useQuery } from "@tanstack/react-query";
import { Time } from "@updspace/kit/time.tsx";
import { languageNames } from "@updspace/kit/words.tsx";
import { ClothStrip, Cover } from "@updspace/ui/Cover";
import { Crowd } from "@updspace/ui/Crowd";
import { Flag } from "@updspace/ui/Flag";
import { LinkButton } from "@updspace/ui/LinkButton";
import { FormattedMessage, useIntl } from "react-intl";
import { boot, signInAddress } from "../../session.ts";
import styles from "./GuestPage.module.css";
import { publicCardQuery } from "./queries.ts";

const bold = { b: (text: React.ReactNode) => <b key="b">{text}</b> };

/** What the community is and who is in, for people who are not signed in. */
export function GuestPage() {
  const intl = useIntl();
  const { data: card } = useQuery(publicCardQuery);
  const { tenant } = boot;
  if (!tenant) return null;
  const languages = tenant.languages.map((l) => (l === "en" || l === "ru" ? languageNames[l] : l));
  return (
    <div className={styles["wrap"]}>
      <div className={styles["hero"]}>
        <Cover
          id={tenant.id}
          label={tenant.name}
          src={tenant.cover_url}
          colours="page"
          size="guest"
          front={card && card.faces.length > 0 ? <Crowd ids={card.faces.map((f) => f.user_id)} /> : null}
        >
          <Flag id={tenant.id} of="tenant" src={tenant.logo_url} colours={tenant} size="l" />
          <h1 className="display" dir="auto">
            {tenant.name}
          </h1>
          {tenant.description !== "" && (
            <p className={styles["lede"]} dir="auto">
              {tenant.description}
            </p>
          )}
          <div className={styles["facts"]}>
            {card && (
              <span>
                <FormattedMessage id="guest.members" values={{ n: card.member_count, ...bold }} />
              </span>
            )}
            <span>{languages.join(", ")}</span>
          </div>
          <div className="btns">
            {tenant.membership === "application" && (
              <LinkButton href="/apply" variant="metal" size="big">
                <FormattedMessage id="guest.apply" />
              </LinkButton>
            )}
            <LinkButton href={signInAddress("/")} variant={tenant.membership === "application" ? "ghost" : "metal"} size="big" external>
              <FormattedMessage id="shell.signIn" />
            </LinkButton>
            {card && card.communities.length > 0 && (
              <LinkButton href="#around" variant="ghost" size="big" external>
                <FormattedMessage id="guest.around" />
              </LinkButton>
            )}
          </div>
        </Cover>
      </div>
      {card && card.communities.length > 0 && (
        <section id="around" aria-labelledby="communities">
          <h2 id="communities" className={styles["title"]}>
            <FormattedMessage id="guest.communities" values={{ n: card.communities.length }} />
          </h2>
          <ul className={styles["communities"]} {...(card.communities.length > 1 && { tabIndex: 0 })} aria-labelledby="communities">
            {card.communities.map((c) => {
              const colours = c.hue === null ? undefined : { hue: c.hue };
              return (
                <li key={c.id} className="card">
                  <ClothStrip id={c.id} colours={colours} />
                  <div className="pad vstack s">
                    <div className="line nowrap">
                      <Flag id={c.id} of="community" colours={colours} />
                      <h3 dir="auto">{c.name}</h3>
                    </div>
                    <p className={`small muted ${styles["lines"]}`} dir="auto">
                      {c.description}
                    </p>
                    <span className="label muted">
                      <FormattedMessage id="palette.members" values={{ n: c.member_count }} />
                    </span>
                  </div>
                </li>
              );
            })}
          </ul>
        </section>
      )}
      <div className={styles["two"]}>
        {card && card.posts.length > 0 && (
          <section aria-labelledby="lately">
            <h2 id="lately" className={styles["title"]}>
              <FormattedMessage id="guest.lately" />
            </h2>
            <div className="vstack">
              {card.posts.map((p) => (
                <article key={p.id} className="card post">
                  <div className="in">
                    <div className="label muted">
                      <span dir="auto">{p.author_name}</span>, <Time at={p.created_at} />
                    </div>
                    {p.title !== "" && (
                      <h3 className="title" dir="auto">
                        {p.title}
                      </h3>
                    )}
                    <p className="text" dir="auto">
                      {p.excerpt}
                    </p>
                  </div>
                </article>
              ))}
            </div>
          </section>
        )}
        <section aria-labelledby="joining">
          <h2 id="joining" className={styles["title"]}>
            <FormattedMessage id="guest.joining" />
          </h2>
          <ol className={styles["steps"]}>
            {([1, 2, 3] as const).map((n) => (
              <li key={n}>
                <div>
                  <h3>
                    <FormattedMessage id={`guest.joining.${tenant.membership}.${n}`} />
                  </h3>
                  <p>
                    <FormattedMessage id={`guest.joining.${tenant.membership}.${n}.text`} />
                  </p>
                </div>
              </li>
            ))}
          </ol>
        </section>
      </div>
      <aside
        className={styles["join"]}
        aria-label={intl.formatMessage({ id: tenant.membership === "application" ? "guest.apply" : "shell.signIn" })}
      >
        {tenant.membership === "application" ? (
          <LinkButton href="/apply" variant="primary" size="big" wide>
            <FormattedMessage id="guest.apply" />
          </LinkButton>
        ) : (
          <LinkButton href={signInAddress("/")} variant="primary" size="big" wide external>
            <FormattedMessage id="shell.signIn" />
          </LinkButton>
        )}
      </aside>
    </div>
  );
}
