import { useQuery } from "@tanstack/react-query";
import { Ban, CircleCheckBig, CircleHelp, CircleX, Download, Hourglass, ShieldCheck, type LucideIcon } from "lucide-react";
import { ApiError } from "@updspace/kit/api.ts";
import { errorText } from "@updspace/kit/errors.tsx";
import { inLanguage, inWords } from "@updspace/kit/texts.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { Skeleton } from "@updspace/ui/Skeleton";
import { FormattedMessage, useIntl } from "react-intl";
import css from "./badges.module.css";
import { credentialOf, imageOf, sharedQuery, verificationQuery, type BadgeCheck, type SharedBadge } from "./queries.ts";

/** The page of a badge that its recipient shows to everybody: what it is for, whether it is valid, and how to verify it. */
export function BadgePage({ token }: { token: string }) {
  const intl = useIntl();
  const { data, error, isPending } = useQuery(sharedQuery(token));
  if (isPending) return <Skeleton label={intl.formatMessage({ id: "loading" })} rows={2} />;
  if (data === undefined) {
    const unknown = error instanceof ApiError && [404, 422].includes(error.status);
    return (
      <>
        <PageHead title={intl.formatMessage({ id: "badges.title" })} />
        <div className="card">
          <EmptyState shape="patch" title={intl.formatMessage({ id: unknown ? "badges.unknown" : "badges.away" })}>
            {unknown ? intl.formatMessage({ id: "badges.unknown.text" }) : errorText(intl, error)}
          </EmptyState>
        </div>
      </>
    );
  }
  return <Badge badge={data} token={token} />;
}

function Badge({ badge: b, token }: { badge: SharedBadge; token: string }) {
  const intl = useIntl();
  const name = inWords(b.name_i18n, intl.locale);
  const description = inLanguage(b.description_i18n, intl.locale) ?? b.description ?? inWords(b.description_i18n, intl.locale);
  const alt = inLanguage(b.image_alt_i18n, intl.locale) ?? b.image_alt;
  return (
    <div className="vstack l">
      <section className={`card ${css["badge"]}`}>
        <img className={css["image"]} src={imageOf(token)} alt={alt} width={192} height={192} />
        <div className="vstack s">
          <State badge={b} />
          <h1 tabIndex={-1}>
            <bdi>{name}</bdi>
          </h1>
          {description !== "" && description !== name && (
            <p className={css["text"]} dir="auto">
              {description}
            </p>
          )}
          <dl className={css["facts"]}>
            {b.recipient_name !== null && (
              <>
                <dt>
                  <FormattedMessage id="badges.recipient" />
                </dt>
                <dd>
                  <bdi className="strong">{b.recipient_name}</bdi>
                </dd>
              </>
            )}
            <dt>
              <FormattedMessage id="badges.issuer" />
            </dt>
            <dd>
              <a className="link" href={b.issuer_url}>
                <bdi>{b.issuer_name}</bdi>
              </a>
            </dd>
            <dt>
              <FormattedMessage id="badges.awarded" />
            </dt>
            <dd>
              <Time at={b.awarded_at} />
            </dd>
            {b.expires_at !== null && (
              <>
                <dt>
                  <FormattedMessage id="badges.expires" />
                </dt>
                <dd>
                  <Time at={b.expires_at} />
                </dd>
              </>
            )}
          </dl>
          {b.state === "valid" && (
            <div className="btns">
              <a className="btn line" href={imageOf(token)} download={`${name}.png`}>
                <Download className="i s" aria-hidden="true" />
                <FormattedMessage id="badges.image" />
              </a>
              <a className="btn line" href={credentialOf(token)} download={`${name}.jwt`}>
                <Download className="i s" aria-hidden="true" />
                <FormattedMessage id="badges.credential" />
              </a>
            </div>
          )}
        </div>
      </section>
      <Verification token={token} />
    </div>
  );
}

const states = {
  valid: { icon: CircleCheckBig, tone: "ok" },
  revoked: { icon: Ban, tone: "danger" },
  expired: { icon: Hourglass, tone: "warn" },
};

/** Word and icon. */
function State({ badge: { state, ended_at, expires_at } }: { badge: SharedBadge }) {
  const { icon: Icon, tone } = states[state];
  const when = ended_at ?? expires_at;
  return (
    <p className={`state ${tone}`}>
      <Icon className="i s" aria-hidden="true" />
      {state === "valid" || when === null ? (
        <FormattedMessage id={`badges.state.${state}`} />
      ) : (
        <FormattedMessage id={`badges.state.${state}.since`} values={{ time: <Time at={when} /> }} />
      )}
    </p>
  );
}

/** Verifies the badge when the reader asks, and says each check. */
function Verification({ token }: { token: string }) {
  const intl = useIntl();
  const { data, error, isFetching, refetch } = useQuery(verificationQuery(token));
  return (
    <section className="card pad vstack" aria-labelledby="verification">
      <h2 id="verification">
        <FormattedMessage id="badges.verification" />
      </h2>
      <p className="muted">
        <FormattedMessage id="badges.verification.text" />
      </p>
      <div className="btns">
        <Button variant="primary" pending={isFetching} onPress={() => void refetch()}>
          <ShieldCheck className="i s" aria-hidden="true" />
          <FormattedMessage id={data ? "badges.verify.again" : "badges.verify"} />
        </Button>
      </div>
      <div role="status" className="vstack s">
        {error !== null && <p className="state danger">{errorText(intl, error)}</p>}
        {data && (
          <>
            <p className={`state ${data.valid ? "ok" : "danger"}`}>
              {data.valid ? <CircleCheckBig className="i s" aria-hidden="true" /> : <CircleX className="i s" aria-hidden="true" />}
              <FormattedMessage id={data.valid ? "badges.verified" : "badges.refused"} />
            </p>
            <ul className={`rows ${css["checks"]}`}>
              {data.checks.map((c) => (
                <Check key={c.name} check={c} />
              ))}
            </ul>
          </>
        )}
      </div>
    </section>
  );
}

const icons: Record<BadgeCheck["outcome"], LucideIcon> = { passed: CircleCheckBig, failed: CircleX, not_checked: CircleHelp };
const tones = { passed: "ok", failed: "danger", not_checked: "quiet" };

function Check({ check: { name, outcome } }: { check: BadgeCheck }) {
  const Icon = icons[outcome];
  return (
    <li className="row">
      <span className="grow">
        <FormattedMessage id={`badges.check.${name}`} />
      </span>
      <span className={`state ${tones[outcome]}`}>
        <Icon className="i s" aria-hidden="true" />
        <FormattedMessage id={`badges.outcome.${outcome}`} />
      </span>
    </li>
  );
}
