import { PenLine, Trash2 } from "lucide-react";
import { useState } from "react";
import { ok, voting } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { IconButton } from "@updspace/ui/Button";
import { RankList } from "@updspace/ui/RankList";
import { FormattedMessage, useIntl } from "react-intl";
import { AddLine } from "./AddLine.tsx";
import type { BallotQuestion } from "./ballot.ts";
import { OptionDialog } from "./OptionDialog.tsx";
import { OptionPicture } from "./picture.tsx";
import { pollKeys } from "./queries.ts";
import type { Option } from "./types.ts";
import { useOrder } from "./useOrder.ts";
import { useRankWords } from "./words.tsx";
import css from "./Manage.module.css";

/** What can be chosen in a question: added, ordered, edited and removed one by one. */
export function Options({ question, editable }: { question: BallotQuestion; editable: boolean }) {
  const intl = useIntl();
  const [edited, setEdited] = useState<string>();
  const poll_id = question.poll_id;
  const {
    items: options,
    error,
    reorder,
  } = useOrder(question.options, (o, headers) =>
    ok(
      voting.PUT("/api/v1/voting/polls/{poll_id}/options/{option_id}", {
        params: { path: { poll_id, option_id: o.id } },
        body: { sort_order: o.sort_order },
        headers,
      }),
    ),
  );
  const add = useAction({
    run: (title: string, headers) =>
      ok(
        voting.POST("/api/v1/voting/polls/{poll_id}/nominations/{nomination_id}/options", {
          params: { path: { poll_id, nomination_id: question.id } },
          body: { title },
          headers,
        }),
      ),
    stale: pollKeys,
  });
  const remove = useAction({
    run: (option_id: string, headers) =>
      ok(voting.DELETE("/api/v1/voting/polls/{poll_id}/options/{option_id}", { params: { path: { poll_id, option_id } }, headers })),
    stale: pollKeys,
  });
  const words = useRankWords();
  const open = options.find((o) => o.id === edited);
  return (
    <section className="vstack" aria-labelledby="options">
      <h2 id="options">
        <FormattedMessage id="polls.options" />
      </h2>
      <ActionError error={error ?? add.error ?? remove.error} />
      {options.length > 0 && !editable && (
        <ol className="card rows">
          {options.map((o) => (
            <li key={o.id} className="row">
              <OptionLine option={o} question={question} />
            </li>
          ))}
        </ol>
      )}
      {options.length > 0 && editable && (
        <div className="card">
          <RankList
            label={intl.formatMessage({ id: "polls.options" })}
            words={words}
            onOrder={reorder}
            items={options.map((o) => ({
              id: o.id,
              name: o.title,
              content: <OptionLine option={o} question={question} />,
              actions: (
                <>
                  <IconButton label={intl.formatMessage({ id: "polls.option.edit" }, { title: o.title })} onPress={() => setEdited(o.id)}>
                    <PenLine className="i s" aria-hidden="true" />
                  </IconButton>
                  <IconButton
                    label={intl.formatMessage({ id: "polls.option.delete" }, { title: o.title })}
                    onPress={() => remove.start(o.id)}
                  >
                    <Trash2 className="i s" aria-hidden="true" />
                  </IconButton>
                </>
              ),
            }))}
          />
        </div>
      )}
      {editable && (
        <AddLine
          label={intl.formatMessage({ id: "polls.option.new" })}
          button={intl.formatMessage({ id: "polls.option.add" })}
          pending={add.pending}
          onAdd={add.start}
        />
      )}
      {open && <OptionDialog option={open} kind={question.kind} poll={poll_id} onClose={() => setEdited(undefined)} />}
    </section>
  );
}

function OptionLine({ option, question }: { option: Option; question: BallotQuestion }) {
  return (
    <div className={css["option"]}>
      <span className={css["th"]}>
        <OptionPicture option={option} kind={question.kind} />
      </span>
      <div className="grow">
        <span className="strong block" dir="auto">
          {option.title}
        </span>
        {option.description !== "" && (
          <span className="small muted block" dir="auto">
            {option.description}
          </span>
        )}
      </div>
    </div>
  );
}
