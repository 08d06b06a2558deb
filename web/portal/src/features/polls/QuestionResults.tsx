import { Table2 } from "lucide-react";
import { ResultBars } from "@updspace/ui/ResultBars";
import { FormattedMessage, useIntl } from "react-intl";
import type { BallotQuestion } from "./ballot.ts";
import { OptionPicture } from "./picture.tsx";
import { places, winners } from "./results.ts";
import type { OptionResult, QuestionResult } from "./types.ts";
import { usePercent } from "./words.tsx";
import css from "./Results.module.css";

interface QuestionResultsProps {
  question: BallotQuestion;
  result: QuestionResult;
  final: boolean;
}

/** One question: the winner as a banner, all options as bars, and the same as a table. */
export function QuestionResults({ question, result, final }: QuestionResultsProps) {
  const intl = useIntl();
  const percent = usePercent();
  const order = places(result);
  const votes = (o: OptionResult) => intl.formatMessage({ id: "polls.results.votes" }, { votes: o.votes });
  return (
    <>
      <Winner question={question} result={result} final={final} />
      <section className="card" aria-labelledby="all">
        <h2 className="vh" id="all">
          {intl.formatMessage({ id: "polls.results.all" }, { title: question.title })}
        </h2>
        <ResultBars
          winner={intl.formatMessage({ id: final ? "polls.results.winner" : "polls.results.leader" })}
          bars={order.map((o) => ({
            id: o.option_id,
            name: o.text,
            picture: <Picture question={question} id={o.option_id} />,
            length: o.length,
            share: percent(o.percent),
            votes: votes(o),
            win: o.win,
          }))}
        />
        <details className={css["table"]}>
          <summary>
            <Table2 className="i s" aria-hidden="true" />
            <FormattedMessage id="polls.results.table" />
          </summary>
          <table className="table">
            <caption className="vh">{question.title}</caption>
            <thead>
              <tr>
                <th scope="col">
                  <FormattedMessage id="polls.results.option" />
                </th>
                <th scope="col" className="r">
                  <FormattedMessage id="polls.results.number" />
                </th>
                <th scope="col" className="r">
                  <FormattedMessage id="polls.results.share" />
                </th>
              </tr>
            </thead>
            <tbody>
              {order.map((o) => (
                <tr key={o.option_id}>
                  <td dir="auto">{o.text}</td>
                  <td className="r">{intl.formatNumber(o.votes)}</td>
                  <td className="r">{percent(o.percent)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      </section>
    </>
  );
}

/** The picture of an option that the results name. */
export function Picture({ question, id }: { question: BallotQuestion; id: string }) {
  const option = question.options.find((o) => o.id === id);
  return option ? <OptionPicture option={option} kind={question.kind} /> : null;
}

function Winner({ question, result, final }: QuestionResultsProps) {
  const intl = useIntl();
  const best = winners(result);
  const [first] = best;
  if (!first) {
    return (
      <section className={`card pad-l ${css["none"]}`}>
        <h2 dir="auto">{question.title}</h2>
        <p className="muted">
          <FormattedMessage id="polls.results.none" />
        </p>
      </section>
    );
  }
  return (
    <section className={css["winner"]} aria-labelledby="winner">
      <div className={`date l metal ${css["first"]}`} aria-hidden="true">
        <FormattedMessage id="polls.results.place" values={{ place: <b>1</b> }} />
      </div>
      <div className={css["txt"]}>
        <span className={css["quiet"]} dir="auto">
          {question.title}
        </span>
        <h2 className="display" id="winner" dir="auto">
          {intl.formatList(best.map((o) => o.text))}
        </h2>
        <p className={css["quiet"]}>
          {result.tie ? (
            <FormattedMessage id={final ? "polls.results.tie.final" : "polls.results.tie.now"} values={{ votes: first.votes }} />
          ) : (
            <FormattedMessage
              id={final ? "polls.results.won" : "polls.results.leads"}
              values={{ votes: first.votes, voters: result.voters }}
            />
          )}
        </p>
      </div>
      <div className={css["pics"]} aria-hidden="true">
        {best.slice(0, 3).map((o) => (
          <span key={o.option_id}>
            <Picture question={question} id={o.option_id} />
          </span>
        ))}
      </div>
    </section>
  );
}
