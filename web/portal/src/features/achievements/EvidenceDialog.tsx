import { useQuery } from "@tanstack/react-query";
import { ActionError } from "@updspace/kit/errors.tsx";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { TextLink } from "@updspace/ui/TextLink";
import { FormattedMessage, useIntl } from "react-intl";
import css from "./achievements.module.css";
import { evidenceQuery } from "./grantQueries.ts";

const facts = [
  "member_joined",
  "post_written",
  "ballot_cast",
  "event_answered",
  "event_attended",
  "news_posted",
  "account_linked",
  "achievement_held",
] as const;
type Fact = (typeof facts)[number];
const isFact = (kind: string): kind is Fact => facts.includes(kind as Fact);

/** Where what happened can be seen; other things have no page of their own. */
const places: Partial<Record<Fact, string>> = {
  post_written: "/posts/",
  ballot_cast: "/polls/",
  event_answered: "/events/",
  event_attended: "/events/",
  achievement_held: "/achievements/",
};

/** What a grant by a rule was made for. */
export function EvidenceDialog({ grant, onClose }: { grant: string; onClose: () => void }) {
  const intl = useIntl();
  const { data, error } = useQuery(evidenceQuery(grant));
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "achievements.evidence" })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <div className="vstack">
        <ActionError error={error} />
        {data === undefined && error === null && (
          <p role="status">
            <FormattedMessage id="loading" />
          </p>
        )}
        {data !== undefined && (
          <p>
            <FormattedMessage id="achievements.evidence.total" values={{ n: data.total }} />{" "}
            {data.items.length < data.total && <FormattedMessage id="achievements.evidence.some" values={{ n: data.items.length }} />}
          </p>
        )}
        {data !== undefined && data.items.length > 0 && (
          <ol className={`card rows ${css["report"]}`}>
            {data.items.map((item) => {
              const place = isFact(item.fact) ? places[item.fact] : undefined;
              const words = isFact(item.fact) ? intl.formatMessage({ id: `achievements.evidence.${item.fact}` }) : item.fact;
              return (
                <li key={item.event_id} className="row">
                  <span className="grow">
                    {place === undefined ? (
                      words
                    ) : (
                      <TextLink href={`${place}${item.object}`} className="inline">
                        {words}
                      </TextLink>
                    )}
                  </span>
                  <Time at={item.happened_at} />
                </li>
              );
            })}
          </ol>
        )}
        <div className="btns right">
          <Button variant="primary" onPress={onClose}>
            <FormattedMessage id="action.close" />
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
