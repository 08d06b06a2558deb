import { ArrowLeft, ArrowRight, Check } from "lucide-react";
import { Button } from "@updspace/ui/Button";
import { FormattedMessage, useIntl } from "react-intl";
import { chosen, press, type Answers, type BallotQuestion } from "./ballot.ts";
import { Heading } from "./Heading.tsx";
import { OptionPicture } from "./picture.tsx";
import type { Option, Poll } from "./types.ts";
import css from "./Ballot.module.css";

interface QuestionPageProps {
  poll: Poll;
  question: BallotQuestion;
  place: { at: number; of: number };
  answers: Answers;
  /** Options of the question that were cast and cannot be taken back. */
  fixed: readonly string[];
  onChange: (answers: Answers) => void;
  go: (to: number | "review") => void;
}

export function BallotQuestionPage({ poll, question, place, answers, fixed, onChange, go }: QuestionPageProps) {
  const intl = useIntl();
  const picked = chosen(answers, question);
  const full = question.max_votes > 1 && picked.length >= question.max_votes;
  const next = () => go(place.at === place.of ? "review" : place.at + 1);
  return (
    <>
      <main className={css["main"]} id="main" tabIndex={-1}>
        <div className={css["q"]}>
          <div className="date l" aria-hidden="true">
            <FormattedMessage id="polls.ballot.place" values={{ at: <b>{place.at}</b>, of: place.of }} />
          </div>
          <div className={css["words"]}>
            <Heading>{question.title}</Heading>
            {question.description !== "" && <p dir="auto">{question.description}</p>}
            <p>
              <Rule poll={poll} question={question} />
            </p>
          </div>
        </div>
        <fieldset>
          <legend className="vh">{question.title}</legend>
          <div className={question.options.length < 3 ? `${css["opts"]} ${css["few"]}` : css["opts"]}>
            {question.options.map((o) => (
              <OptionCard
                key={o.id}
                option={o}
                question={question}
                checked={picked.includes(o.id)}
                disabled={fixed.includes(o.id) || (fixed.length > 0 && question.max_votes === 1) || (full && !picked.includes(o.id))}
                onPress={() => onChange(press(answers, question, o.id))}
              />
            ))}
          </div>
        </fieldset>
      </main>
      <footer className={css["foot"]}>
        <div>
          {place.at > 1 && (
            <Button onPress={() => go(place.at - 1)}>
              <ArrowLeft className="i s" aria-hidden="true" />
              <FormattedMessage id="polls.ballot.back" />
            </Button>
          )}
          <span className="small muted grow" role="status">
            {question.max_votes > 1 ? (
              <>
                <b>{intl.formatMessage({ id: "polls.ballot.count" }, { count: picked.length, max: question.max_votes })}</b>
                <span className="no-phone">
                  {full
                    ? intl.formatMessage({ id: "polls.ballot.full" })
                    : intl.formatMessage({ id: "polls.ballot.left" }, { left: question.max_votes - picked.length })}
                </span>
              </>
            ) : (
              picked.length > 0 && <span className="vh">{intl.formatMessage({ id: "polls.ballot.chosen" })}</span>
            )}
          </span>
          {picked.length === 0 && !question.is_required && (
            <span className="no-phone">
              <Button variant="quiet" onPress={next}>
                <FormattedMessage id="polls.ballot.skip" />
              </Button>
            </span>
          )}
          <Button variant="primary" onPress={next}>
            <FormattedMessage id={place.at === place.of ? "polls.ballot.check" : "polls.ballot.next"} />
            <ArrowRight className="i s" aria-hidden="true" />
          </Button>
        </div>
      </footer>
    </>
  );
}

/** How many one may choose, whether one must, and until when it can be changed. */
function Rule({ poll, question }: { poll: Poll; question: BallotQuestion }) {
  const intl = useIntl();
  const end =
    poll.ends_at === null ? "" : intl.formatDate(poll.ends_at, { day: "numeric", month: "long", hour: "numeric", minute: "numeric" });
  return (
    <>
      <FormattedMessage
        id={question.is_required ? "polls.ballot.rule.required" : "polls.ballot.rule.free"}
        values={{ max: question.max_votes }}
      />{" "}
      {poll.allow_revoting ? (
        end === "" ? (
          <FormattedMessage id="polls.ballot.rule.change" />
        ) : (
          <FormattedMessage id="polls.ballot.rule.changeUntil" values={{ end }} />
        )
      ) : (
        <FormattedMessage id="polls.ballot.rule.final" />
      )}
    </>
  );
}

interface OptionCardProps {
  option: Option;
  question: BallotQuestion;
  checked: boolean;
  disabled: boolean;
  onPress: () => void;
}

// A native control: keyboard, screen reader and forced colours work by themselves. Chosen = frame, ribbon and word.
function OptionCard({ option, question, checked, disabled, onPress }: OptionCardProps) {
  return (
    <label className={question.kind === "person" ? `${css["opt"]} ${css["person"]}` : css["opt"]}>
      <input
        type={question.max_votes === 1 ? "radio" : "checkbox"}
        name={question.id}
        checked={checked}
        disabled={disabled}
        onChange={onPress}
        onClick={() => {
          if (checked && question.max_votes === 1 && !question.is_required) onPress(); // a second press takes a free answer back
        }}
      />
      <span className={css["pic"]}>
        <OptionPicture option={option} kind={question.kind} />
        <span className={css["got"]}>
          <Check className="i s" aria-hidden="true" />
          <FormattedMessage id="polls.ballot.chosen" />
        </span>
      </span>
      <span className={css["cap"]}>
        <span className="strong" dir="auto">
          {option.title}
        </span>
        {option.description !== "" && (
          <span className="label muted" dir="auto">
            {option.description}
          </span>
        )}
      </span>
    </label>
  );
}
