import { ChevronLeft, ChevronRight, Maximize } from "lucide-react";
import { IconButton } from "@updspace/ui/Button";
import { cx } from "@updspace/ui/cx";
import { LinkButton } from "@updspace/ui/LinkButton";
import { FormattedMessage, useIntl } from "react-intl";
import { PlaceFlag } from "./Place.tsx";
import type { Poll } from "./types.ts";
import css from "./Stage.module.css";

interface StageBarProps {
  poll: Poll;
  place: number;
  of: number;
  go: (to: number) => void;
}

/** The bar below the stage: which poll and question, the keys, and the same for a hand on glass. */
export function StageBar({ poll, place, of, go }: StageBarProps) {
  const intl = useIntl();
  return (
    <footer className={css["foot"]}>
      <span className="line nowrap">
        <PlaceFlag poll={poll} />
        <span className={css["title"]} dir="auto">
          {poll.title}
        </span>
      </span>
      <div className={css["pips"]} role="img" aria-label={intl.formatMessage({ id: "polls.stage.place" }, { place, of })}>
        {Array.from({ length: of }, (_, i) => (
          <i key={i} className={cx(i + 1 === place && css["on"], i + 1 < place && css["past"])} />
        ))}
      </div>
      <div className={css["end"]}>
        <span className={css["keys"]} aria-hidden="true">
          <span className="kbd">
            <FormattedMessage id="polls.stage.space" />
          </span>
          <FormattedMessage id="polls.stage.key.reveal" />
        </span>
        <span className={css["keys"]} aria-hidden="true">
          <span className="kbd">← →</span>
          <FormattedMessage id="polls.stage.key.question" />
        </span>
        <IconButton label={intl.formatMessage({ id: "polls.stage.back" })} disabled={place === 1} onPress={() => go(place - 1)}>
          <ChevronLeft className="i" aria-hidden="true" />
        </IconButton>
        <IconButton label={intl.formatMessage({ id: "polls.stage.forward" })} disabled={place === of} onPress={() => go(place + 1)}>
          <ChevronRight className="i" aria-hidden="true" />
        </IconButton>
        <span className="no-phone">
          <IconButton label={intl.formatMessage({ id: "polls.stage.full" })} onPress={() => void toggleFullScreen()}>
            <Maximize className="i s" aria-hidden="true" />
          </IconButton>
        </span>
        <LinkButton href={`/polls/${poll.id}/results?q=${place}`} variant="quiet" size="s">
          <FormattedMessage id="polls.stage.leave" />
        </LinkButton>
      </div>
    </footer>
  );
}

async function toggleFullScreen(): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await document.documentElement.requestFullscreen();
}
