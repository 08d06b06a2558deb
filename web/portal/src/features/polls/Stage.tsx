import { helmOf } from "@updspace/ui/art/designs";
import { Button } from "@updspace/ui/Button";
import { HelmParts } from "@updspace/ui/Helm";
import type { CSSProperties, ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { cx } from "@updspace/ui/cx";
import { banners, drop, places, winners } from "./results.ts";
import { Picture } from "./QuestionResults.tsx";
import type { StageItem } from "./StagePage.tsx";
import css from "./Stage.module.css";

const room = 6; // banners
const roomOnPhone = 5;
const hall = Array.from({ length: 14 }, (_, i) => i);

interface StageProps {
  item: StageItem;
  revealed: boolean;
  reveal: () => void;
  /** The bar below. */
  children: ReactNode;
}

/** One question on stage. Banners hang from the beam, in the order of the ballot; their length is the share of votes. */
export function Stage({ item: { question, result }, revealed, reveal, children }: StageProps) {
  const intl = useIntl();
  const best = winners(result);
  const [first] = best;
  const words = revealed && first ? best.map((o) => o.text).join(" ") : question.title;
  const style = { "--longest": String(Math.max(...words.split(/[\s-]/).map((w) => w.length))) } as CSSProperties; // React's type knows no custom properties
  return (
    <div className={`${css["stage"]} colours`} data-theme="dark">
      <main className={css["hall"]} id="main" tabIndex={-1}>
        <div className={css["call"]} aria-live="polite" style={style}>
          {revealed ? (
            <>
              <span className={css["cat"]} dir="auto">
                {question.title}
              </span>
              <h1 className="display" dir="auto">
                {first ? intl.formatList(best.map((o) => o.text)) : intl.formatMessage({ id: "polls.results.none" })}
              </h1>
              {first && (
                <p className={css["by"]}>
                  {result.tie ? (
                    <FormattedMessage id="polls.results.tie.final" values={{ votes: first.votes }} />
                  ) : (
                    <FormattedMessage id="polls.results.won" values={{ votes: first.votes, voters: result.voters }} />
                  )}
                </p>
              )}
            </>
          ) : (
            <>
              <span className={css["cat"]}>
                <FormattedMessage id="polls.stage.next" />
              </span>
              <h1 className="display" dir="auto">
                {question.title}
              </h1>
              <Button variant="primary" size="big" onPress={reveal}>
                <FormattedMessage id="polls.stage.reveal" />
              </Button>
            </>
          )}
        </div>
        <div className={css["beam"]}>{revealed && <Banners item={{ question, result }} />}</div>
      </main>
      <div className={css["crowd"]} aria-hidden="true">
        {hall.map((i) => (
          <svg key={i} viewBox="0 0 64 84">
            <HelmParts design={helmOf(`${question.poll_id}${i}`)} bust />
          </svg>
        ))}
      </div>
      {children}
    </div>
  );
}

function Banners({ item: { question, result } }: { item: StageItem }) {
  const intl = useIntl();
  const order = places(result);
  return (
    <ol className={css["drops"]} aria-label={intl.formatMessage({ id: "polls.stage.banners" })}>
      {banners(result, room).map((o) => {
        const style = { "--h": `${drop(o, result)}%` } as CSSProperties; // React's type knows no custom properties
        const last = order.findIndex((p) => p.option_id === o.option_id) >= roomOnPhone;
        return (
          <li
            key={o.option_id}
            className={cx(css["drop"], result.winners.includes(o.option_id) && css["win"], last && "no-phone")}
            style={style}
          >
            <div className={css["ban"]}>
              <Picture question={question} id={o.option_id} />
              <span className={css["pct"]}>
                {intl
                  .formatNumberToParts(o.percent / 100, { style: "percent" })
                  .map((part, i) =>
                    part.type === "percentSign" ? <small key={i}>{part.value}</small> : part.type === "literal" ? null : part.value,
                  )}
              </span>
            </div>
            <span className={css["nm"]} dir="auto">
              {o.text}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
