import { Equal } from "lucide-react";
import { Bar } from "@updspace/ui/ResultBars";
import { TextLink } from "@updspace/ui/TextLink";
import { FormattedMessage, useIntl } from "react-intl";
import type { BallotQuestion } from "./ballot.ts";
import { Picture } from "./QuestionResults.tsx";
import { runnerUp, winners } from "./results.ts";
import type { QuestionResult, Results } from "./types.ts";
import { usePercent } from "./words.tsx";
import css from "./Results.module.css";

interface CategoriesProps {
  results: Results;
  questions: readonly { question: BallotQuestion; href: string }[];
}

/** The other questions, each with its winner. */
export function Categories({ results, questions }: CategoriesProps) {
  return (
    <section className="vstack" aria-labelledby="others">
      <h2 id="others">
        <FormattedMessage id="polls.results.others" />
      </h2>
      <ul className={css["more"]}>
        {questions.map(({ question, href }) => {
          const result = results.nominations.find((n) => n.nomination_id === question.id);
          return result && <Category key={question.id} question={question} result={result} href={href} />;
        })}
      </ul>
    </section>
  );
}

function Category({ question, result, href }: { question: BallotQuestion; result: QuestionResult; href: string }) {
  const intl = useIntl();
  const percent = usePercent();
  const best = winners(result);
  const [first] = best;
  const second = runnerUp(result);
  return (
    <li className={`card ${css["sm"]}`}>
      <div className={css["strip"]} aria-hidden="true">
        {(first ? best.slice(0, 2).map((o) => o.option_id) : question.options.slice(0, 1).map((o) => o.id)).map((id) => (
          <span key={id}>
            <Picture question={question} id={id} />
          </span>
        ))}
      </div>
      <div className="pad vstack s">
        <h3 className="small muted">
          <TextLink href={href} className={css["over"] ?? ""}>
            <bdi>{question.title}</bdi>
          </TextLink>
        </h3>
        {first === undefined ? (
          <span className="label muted">
            <FormattedMessage id="polls.results.none" />
          </span>
        ) : (
          <>
            <span className={css["name"]} dir="auto">
              {intl.formatList(best.map((o) => o.text))}
            </span>
            {result.tie ? (
              <span className="state warn">
                <Equal className="i s" aria-hidden="true" />
                <FormattedMessage id="polls.results.tie" values={{ votes: first.votes }} />
              </span>
            ) : (
              <>
                <Bar length={first.percent} />
                <span className="label muted">
                  {second === undefined ? (
                    <FormattedMessage id="polls.results.first" values={{ share: percent(first.percent) }} />
                  ) : (
                    <FormattedMessage
                      id="polls.results.then"
                      values={{ share: percent(first.percent), second: <bdi>{second.text}</bdi>, behind: percent(second.percent) }}
                    />
                  )}
                </span>
              </>
            )}
          </>
        )}
      </div>
    </li>
  );
}
