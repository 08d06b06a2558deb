import { Trophy } from "lucide-react";
import type { CSSProperties, ReactNode } from "react";
import { cx } from "../cx/cx.tsx";

export interface ResultBar {
  id: string;
  name: string;
  picture?: ReactNode;
  /** Length of the bar, 0 to 100. */
  length: number;
  /** The share as text, "47 %". */
  share: string;
  /** The number as text, "148 votes". */
  votes: string;
  win: boolean;
}

interface ResultBarsProps {
  bars: readonly ResultBar[];
  /** The word on the winner's tag. */
  winner: string;
}

/** Shares of votes as notched bars that grow once; each number is also text. */
export function ResultBars({ bars, winner }: ResultBarsProps) {
  return (
    <ol className="result-bars">
      {bars.map((b) => (
        <li key={b.id}>
          {b.picture !== undefined && <span className="th">{b.picture}</span>}
          <div className="grow">
            <div className="line">
              <span className="strong" dir="auto">
                {b.name}
              </span>
              {b.win && (
                <span className="tag">
                  <Trophy className="i s" aria-hidden="true" />
                  {winner}
                </span>
              )}
            </div>
            <Bar length={b.length} win={b.win} />
          </div>
          <span className="pc">
            {b.share}
            <span className="label muted">{b.votes}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}

/** One notched bar. Decorative: the number stands beside it. */
export function Bar({ length, win }: { length: number; win?: boolean }) {
  const style = { "--v": `${length}%` } as CSSProperties; // React's type knows no custom properties
  return (
    <div className={cx("bar", win && "win")} style={style} aria-hidden="true">
      <i />
    </div>
  );
}
