import type { RankWords } from "@updspace/ui/RankList";
import type { ReactNode } from "react";
import { useIntl } from "react-intl";

/** The <vh> of messages: words that only a screen reader needs, as the eye sees them beside the button. */
export const vh = (chunks: ReactNode) => <span className="vh">{chunks}</span>;

/** Shares as the servers count them, 0 to 100, in the reader's way to write percent. */
export function usePercent(): (share: number) => string {
  const intl = useIntl();
  return (share) => intl.formatNumber(share / 100, { style: "percent" });
}

/** The names of the buttons of a RankList. */
export function useRankWords(): RankWords {
  const intl = useIntl();
  return {
    drag: (name) => intl.formatMessage({ id: "polls.rank.drag" }, { name }),
    up: (name) => intl.formatMessage({ id: "polls.rank.up" }, { name }),
    down: (name) => intl.formatMessage({ id: "polls.rank.down" }, { name }),
  };
}
