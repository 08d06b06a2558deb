import { useQuery } from "@tanstack/react-query";
import { Check, Flag, Vote } from "lucide-react";
import { ok, portal } from "@updspace/kit/api.ts";
import { useDraft } from "@updspace/kit/drafts.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { useNow } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { CopyField } from "@updspace/ui/CopyField";
import { cx } from "@updspace/ui/cx";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { useState, type ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { may, useSession } from "../../session.ts";
import { DyeFields, DyePreview, type Dye } from "./Dye.tsx";
import { beginningsQuery, isDone, steps, type StepName } from "./firstDay.ts";
import { saveCard, showColours } from "./look.ts";
import style from "./look.module.css";
import { communitiesQuery, tenantKey, tenantQuery, type TenantCard } from "./queries.ts";

interface Day {
  card: TenantCard;
  communities: readonly { id: string }[];
  open: readonly StepName[];
  skip: (step: StepName) => void;
}

/** What is still to do on the first day of the space; undefined when it is over. A colour alone makes no first day. */
export function useFirstDay(): Day | undefined {
  const session = useSession();
  const owner = may(session, "portal.tenant.settings.write");
  const card = useQuery({ ...tenantQuery, enabled: owner }).data;
  const communities = useQuery({ ...communitiesQuery, enabled: owner }).data;
  const begun = useQuery({ ...beginningsQuery, enabled: owner }).data;
  const [skipped, setSkipped] = useDraft<string[]>(`${session.user.id}:first-day`, []);
  if (!card || !communities || !begun) return undefined;
  const facts = { ...begun, communities: communities.length, changes: card.version - 1 };
  const open = steps.filter((s) => !isDone(s, facts, skipped));
  if (open.every((s) => s === "colours")) return undefined;
  return { card, communities, open, skip: (step) => setSkipped([...skipped, step]) };
}

/** An owner's first day: five steps, each under a minute, each can be skipped. It goes away when they are done. */
export function FirstDay({ day: { card, communities, open, skip } }: { day: Day }) {
  const intl = useIntl();
  const [dye, setDye] = useState<Dye>();
  const now = open[0];
  const chosen = dye ?? { hue: card.hue, chroma: card.chroma };
  const actions: Record<StepName, ReactNode> = {
    space: null,
    colours: <Colours card={card} dye={chosen} onSkip={() => skip("colours")} />,
    community: (
      <LinkButton size="s" href="/communities?found=true">
        <Flag className="i s" aria-hidden="true" />
        <FormattedMessage id="manage.first.community.do" />
      </LinkButton>
    ),
    invite: <Invite community={communities[0]?.id} />,
    poll: (
      <LinkButton size="s" href="/polls/new">
        <Vote className="i s" aria-hidden="true" />
        <FormattedMessage id="manage.first.poll.do" />
      </LinkButton>
    ),
  };
  return (
    <div className={style["two"]}>
      <ol className="card">
        {steps.map((s, i) => {
          const done = !open.includes(s);
          return (
            <li key={s} className={cx(style["step"], done && style["done"], s === now && style["now"])}>
              <span className={style["hang"]} aria-hidden="true">
                {done ? <Check className="i s" /> : i + 1}
              </span>
              <div className="grow">
                <h2>
                  <FormattedMessage id={`manage.first.${s}`} />
                  {done && (
                    <span className="vh">
                      {" "}
                      <FormattedMessage id="manage.first.isDone" />
                    </span>
                  )}
                </h2>
                <p className="small muted">
                  <FormattedMessage id={`manage.first.${s}.about`} values={{ host: location.host }} />
                </p>
                {!done && (
                  <div className="btns">
                    {actions[s]}
                    {s !== "colours" && (
                      <Button size="s" variant="quiet" onPress={() => skip(s)}>
                        <FormattedMessage id="manage.first.skip" />
                      </Button>
                    )}
                  </div>
                )}
              </div>
              {!done && <span className={`${style["took"]} label muted`}>{intl.formatMessage({ id: `manage.first.${s}.time` })}</span>}
            </li>
          );
        })}
      </ol>
      {open.includes("colours") && (
        <aside className={`card ${style["side"]}`} aria-label={intl.formatMessage({ id: "manage.look.preview" })}>
          <DyePreview card={card} dye={chosen} />
          <div className="no-phone">
            <DyeFields dye={chosen} onChange={setDye} />
          </div>
        </aside>
      )}
    </div>
  );
}

/** The head of the page on that day. */
export function FirstDayHead({ day: { card, open } }: { day: Day }) {
  const intl = useIntl();
  return (
    <PageHead
      title={intl.formatMessage({ id: "manage.first" }, { name: card.name })}
      sub={intl.formatMessage({ id: "manage.first.sub" }, { done: steps.length - open.length, left: open.length })}
    />
  );
}

function Colours({ card, dye, onSkip }: { card: TenantCard; dye: Dye; onSkip: () => void }) {
  const intl = useIntl();
  const changed = dye.hue !== card.hue || dye.chroma !== card.chroma;
  const save = useAction({
    run: (change: Dye, headers) => saveCard(card, change, headers),
    stale: [[tenantKey]],
    done: intl.formatMessage({ id: "manage.look.saved" }),
    onDone: showColours,
  });
  return (
    <>
      <Button size="s" variant="primary" pending={save.pending} onPress={() => (changed ? save.start(dye) : onSkip())}>
        <FormattedMessage id={changed ? "manage.first.colours.save" : "manage.first.colours.keep"} />
      </Button>
      <LinkButton size="s" variant="quiet" href="/manage/look">
        <FormattedMessage id="manage.first.colours.more" />
      </LinkButton>
      <ActionError error={save.error} />
    </>
  );
}

const days = 7;
const people = 50;

/** A link that lets people in; its token is shown once. */
function Invite({ community }: { community: string | undefined }) {
  const intl = useIntl();
  const now = useNow();
  const [address, setAddress] = useState<string>();
  const make = useAction({
    run: (group_id: string, headers) =>
      ok(
        portal.POST("/api/v1/portal/groups/{group_id}/invite-links", {
          params: { path: { group_id } },
          body: { max_uses: people, expires_at: new Date(now + days * 86_400_000).toISOString() },
          headers,
        }),
      ),
    onDone: ({ token }) => setAddress(`${location.origin}/join#${token}`),
  });
  if (address !== undefined) {
    return (
      <CopyField
        label={intl.formatMessage({ id: "manage.first.invite.link" })}
        value={address}
        copy={intl.formatMessage({ id: "action.copy" })}
        copied={intl.formatMessage({ id: "action.copied" })}
      />
    );
  }
  if (community === undefined) {
    return (
      <p className="small muted">
        <FormattedMessage id="manage.first.invite.first" />
      </p>
    );
  }
  return (
    <>
      <Button size="s" pending={make.pending} onPress={() => make.start(community)}>
        <FormattedMessage id="manage.first.invite.do" />
      </Button>
      <ActionError error={make.error} />
    </>
  );
}
