import { gamification, ok } from "@updspace/kit/api.ts";
import { ErrorPage } from "@updspace/kit/errors.tsx";
import { usePages } from "@updspace/kit/pages.tsx";
import { Person } from "@updspace/kit/people.tsx";
import { Button } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { Skeleton } from "@updspace/ui/Skeleton";
import { useEffect, useRef } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ProgressBar } from "../Progress.tsx";
import { achievementsKey } from "../queries.ts";
import type { DryRunItem, Rule } from "../ruleQueries.ts";

const page = 100;

const dryRun = (id: string, rule: Rule) => ({
  key: [achievementsKey, id, "dry run", rule],
  read: (cursor: string | undefined, signal: AbortSignal) => {
    const params = { path: { achievement_id: id }, query: { limit: page, ...(cursor !== undefined && { cursor }) } };
    return ok(gamification.POST("/api/v1/gamification/achievements/{achievement_id}/rule/dry-run", { params, body: rule, signal }));
  },
});

/** Who would get the achievement by the rule, counted over what is recorded; nothing is granted. */
export function DryRun({ id, rule }: { id: string; rule: Rule }) {
  const intl = useIntl();
  const query = usePages(dryRun(id, rule));
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.focus(), []);
  const met = query.items.filter((item) => item.met);
  const near = query.items.filter((item) => !item.met).toSorted((a, b) => b.have / b.need - a.have / a.need);
  const nothing = query.isSuccess && query.items.length === 0 && !query.hasNextPage;
  return (
    <section className="card" ref={section} tabIndex={-1} aria-labelledby="dry-run">
      <div className="card-head">
        <h2 id="dry-run">
          <FormattedMessage id="rules.dryRun" />
        </h2>
      </div>
      {query.isPending && <Skeleton label={intl.formatMessage({ id: "rules.dryRun.counting" })} rows={1} />}
      {query.isError && <ErrorPage error={query.error} retry={() => void query.refetch()} />}
      {nothing && (
        <EmptyState shape="people" title={intl.formatMessage({ id: "rules.dryRun.none" })}>
          <FormattedMessage id="rules.dryRun.none.text" />
        </EmptyState>
      )}
      {query.isSuccess && !nothing && (
        <p className="pad" role="status">
          <FormattedMessage id="rules.dryRun.found" values={{ met: met.length, near: near.length, more: String(query.hasNextPage) }} />
        </p>
      )}
      {query.items.length > 0 && (
        <ul className="rows">
          {[...met, ...near].map((item) => (
            <Row key={item.user_id} item={item} />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <div className="btns center pad">
          <Button pending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
            <FormattedMessage id="rules.dryRun.more" />
          </Button>
        </div>
      )}
    </section>
  );
}

function Row({ item }: { item: DryRunItem }) {
  return (
    <li className="row">
      <div className="grow">
        <Person id={item.user_id} size="m">
          {item.met ? (
            <FormattedMessage id="rules.dryRun.evidence" values={{ n: item.evidence.length, times: item.times }} />
          ) : (
            <ProgressBar have={item.have} need={item.need} />
          )}
        </Person>
      </div>
      {item.met && (
        <span className="state ok">
          <FormattedMessage id="rules.dryRun.met" />
        </span>
      )}
    </li>
  );
}
