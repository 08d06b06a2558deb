import { usePages, PagedList } from "@updspace/kit/pages.tsx";
import { inWords } from "@updspace/kit/texts.ts";
import { Time } from "@updspace/kit/time.tsx";
import { TextLink } from "@updspace/ui/TextLink";
import { FormattedMessage, useIntl } from "react-intl";
import { entryPages } from "./queries.ts";

/** What my points are the sum of, newest first. */
export function Entries() {
  const intl = useIntl();
  const query = usePages(entryPages);
  return (
    <section className="card" aria-labelledby="entries">
      <div className="card-head">
        <h2 id="entries">
          <FormattedMessage id="points.entries" />
        </h2>
      </div>
      <PagedList
        query={query}
        empty={
          <p className="pad muted">
            <FormattedMessage id="points.entries.none" />
          </p>
        }
      >
        {(items) => (
          <ul className="rows">
            {items.map((e) => (
              <li key={e.id} className="row">
                <div className="grow">
                  <TextLink href={`/achievements/${e.achievement_id}`} className="name">
                    <bdi>{inWords(e.name_i18n, intl.locale)}</bdi>
                  </TextLink>
                  <div className="small muted line dots">
                    {e.kind === "revocation" && (
                      <span>
                        <FormattedMessage id="points.entries.revoked" />
                      </span>
                    )}
                    <span>
                      <Time at={e.created_at} />
                    </span>
                  </div>
                </div>
                <span className="num strong">{intl.formatNumber(e.points, { signDisplay: "always" })}</span>
              </li>
            ))}
          </ul>
        )}
      </PagedList>
    </section>
  );
}
