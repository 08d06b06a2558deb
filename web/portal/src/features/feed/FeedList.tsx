import { Fragment, useEffect, type ReactNode } from "react";
import { useIntl } from "react-intl";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { EmptyState } from "@updspace/ui/EmptyState";
import { FeedRow } from "./FeedRow.tsx";
import type { FeedKind } from "./kinds.ts";
import { feedPages, markRead, unreadKey, type FeedItem } from "./queries.ts";
import { runs } from "./runs.ts";

interface FeedListProps {
  kind: FeedKind;
  /** Shows an item whole, in a card of its own; undefined for one that has a line. */
  whole?: (item: FeedItem) => ReactNode;
}

/** What happened, newest first. Who sees all of it has read it. */
export function FeedList({ kind, whole = () => undefined }: FeedListProps) {
  const intl = useIntl();
  const query = usePages(feedPages(kind));
  const { start } = useAction({ run: (_: void, headers) => markRead(headers), stale: [[unreadKey]] });
  const read = kind === "all" && query.isSuccess;
  useEffect(() => {
    if (read) start();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once for each time that the list is opened
  }, [read]);
  const nothing = (
    <div className="card">
      <EmptyState shape="flag" title={intl.formatMessage({ id: "feed.empty" })}>
        {intl.formatMessage({ id: "feed.empty.text" })}
      </EmptyState>
    </div>
  );
  return (
    <PagedList query={query} empty={nothing}>
      {(items) =>
        runs(items, (item) => whole(item) !== undefined).map(({ alone, items: run }) => {
          const [first] = run;
          return alone && first ? (
            <Fragment key={first.id}>{whole(first)}</Fragment>
          ) : (
            <ul key={first?.id} className="card rows">
              {run.map((item) => (
                <FeedRow key={item.id} item={item} />
              ))}
            </ul>
          );
        })
      }
    </PagedList>
  );
}
