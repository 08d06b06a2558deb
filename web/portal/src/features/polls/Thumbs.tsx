import type { BallotQuestion } from "./ballot.ts";
import { OptionPicture } from "./picture.tsx";
import css from "./PollPage.module.css";

const room = 4;

/** The pictures of the first options, at the end of the row of a question. */
export function Thumbs({ question }: { question: BallotQuestion }) {
  return (
    <span className={css["thumbs"]} aria-hidden="true">
      {question.options.slice(0, room).map((o) => (
        <span key={o.id}>
          <OptionPicture option={o} kind={question.kind} />
        </span>
      ))}
    </span>
  );
}
