import { EyeOff, ExternalLink } from "lucide-react";
import { gamification, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { IconButton } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { EmptyState } from "@updspace/ui/EmptyState";
import { FormattedMessage, useIntl } from "react-intl";
import { sharedKey, sharedPages, type MySharedBadge } from "./grantQueries.ts";
import { achievementKeys } from "./parts.ts";
import { useTexts } from "./words.tsx";

/** The pages of one's badges that are open to everybody, those of awards that have ended too, to be withdrawn. */
export function SharedDialog({ onClose }: { onClose: () => void }) {
  const intl = useIntl();
  const query = usePages(sharedPages);
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "achievements.pages" })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <div className="vstack">
        <p className="muted">
          <FormattedMessage id="achievements.pages.help" />
        </p>
        <PagedList query={query} empty={<EmptyState shape="patch" title={intl.formatMessage({ id: "achievements.pages.none" })} />}>
          {(items) => (
            <ul className="card rows">
              {items.map((b) => (
                <Row key={b.badge.grant_id} shared={b} />
              ))}
            </ul>
          )}
        </PagedList>
      </div>
    </Dialog>
  );
}

function Row({ shared: { badge, name_i18n } }: { shared: MySharedBadge }) {
  const intl = useIntl();
  const name = useTexts()(name_i18n);
  const withdraw = useAction({
    run: (_: void, headers) =>
      ok(
        gamification.PATCH("/api/v1/gamification/grants/{grant_id}/badge", {
          params: { path: { grant_id: badge.grant_id } },
          body: { shared: false },
          headers,
        }),
      ),
    stale: [...achievementKeys, sharedKey],
    done: intl.formatMessage({ id: "achievements.pages.withdrawn" }, { name }),
  });
  return (
    <li className="row">
      <span className="grow">
        <bdi className="strong">{name}</bdi>
        <span className="small muted block">
          {badge.state !== "valid" && (
            <>
              <FormattedMessage id={`achievements.pages.${badge.state}`} />{" "}
            </>
          )}
          {badge.shared_at !== null && <FormattedMessage id="achievements.pages.since" values={{ time: <Time at={badge.shared_at} /> }} />}
        </span>
        <ActionError error={withdraw.error} />
      </span>
      {badge.shared_path !== null && (
        <a
          className="icon-btn"
          href={badge.shared_path}
          target="_blank"
          rel="noreferrer"
          aria-label={intl.formatMessage({ id: "achievements.pages.open" }, { name })}
        >
          <ExternalLink className="i" aria-hidden="true" />
        </a>
      )}
      <IconButton
        label={intl.formatMessage({ id: "achievements.pages.withdraw" }, { name })}
        disabled={withdraw.pending}
        onPress={() => withdraw.start()}
      >
        <EyeOff className="i" aria-hidden="true" />
      </IconButton>
    </li>
  );
}
