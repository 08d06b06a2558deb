import { useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import * as v from "valibot";
import { ok, voting } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { Form, FormArea, FormText, standardSchemaResolver, useForm } from "@updspace/kit/forms.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { rules } from "@updspace/kit/rules.ts";
import { Button } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { NumberField } from "@updspace/ui/NumberField";
import { PageHead } from "@updspace/ui/PageHead";
import { Select } from "@updspace/ui/Select";
import { Switch } from "@updspace/ui/Switch";
import { FormattedMessage, useIntl } from "react-intl";
import type { BallotQuestion } from "./ballot.ts";
import { Leaving, Stored } from "./Leaving.tsx";
import { Options } from "./Options.tsx";
import { pollKeys } from "./queries.ts";
import type { Kind, PollInfo } from "./types.ts";
import css from "./Manage.module.css";

const kinds: readonly Kind[] = ["custom", "game", "person", "review"];
const most = 200; // choices, as the server allows

/** One question of a draft: its texts and rules, and its options. */
export function QuestionPage({ info, question }: { info: PollInfo; question: BallotQuestion }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const params = { path: { poll_id: info.poll.id, nomination_id: question.id } };
  const remove = useAction({
    run: async (_: void, headers) => {
      await ok(voting.DELETE("/api/v1/voting/polls/{poll_id}/nominations/{nomination_id}", { params, headers }));
      await navigate({ to: "/polls/$id/manage", params: { id: info.poll.id }, search: { tab: "questions" }, replace: true });
    },
    stale: pollKeys,
    done: intl.formatMessage({ id: "polls.question.deleted" }),
  });
  const name = { title: question.title };
  return (
    <>
      <PageHead title={question.title} back={{ href: `/polls/${info.poll.id}/manage?tab=questions`, name: info.poll.title }}>
        {info.meta.can_edit_questions && (
          <Button variant="danger" onPress={() => setAsking(true)}>
            <Trash2 className="i s" aria-hidden="true" />
            <FormattedMessage id="polls.question.delete" />
          </Button>
        )}
      </PageHead>
      <div className={css["two"]}>
        <Options question={question} editable={info.meta.can_edit_questions} />
        {info.meta.can_edit_questions && <QuestionForm question={question} />}
      </div>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={intl.formatMessage({ id: "polls.question.delete.title" }, name)}
        action={intl.formatMessage({ id: "polls.question.delete" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={remove.pending}
        onConfirm={() => remove.start()}
      >
        {intl.formatMessage({ id: "polls.question.delete.text" }, { options: question.options.length })}
        <ActionError error={remove.error} />
      </Confirm>
    </>
  );
}

function QuestionForm({ question }: { question: BallotQuestion }) {
  const intl = useIntl();
  const { text } = rules(intl);
  const form = useForm({
    resolver: standardSchemaResolver(
      v.object({
        title: text({ required: true, max: 255 }),
        description: text({ max: 10000 }),
        kind: v.picklist(kinds),
        max_votes: v.number(),
        is_required: v.boolean(),
      }),
    ),
    defaultValues: {
      title: question.title,
      description: question.description,
      kind: question.kind,
      max_votes: question.max_votes,
      is_required: question.is_required,
    },
  });
  const params = { path: { poll_id: question.poll_id, nomination_id: question.id } };
  type Values = Parameters<Parameters<typeof form.handleSubmit>[0]>[0];
  const save = useAction({
    run: (body: Values, headers) => ok(voting.PUT("/api/v1/voting/polls/{poll_id}/nominations/{nomination_id}", { params, body, headers })),
    stale: pollKeys,
  });
  const values = form.watch();
  const differs =
    values.title.trim() !== question.title ||
    values.description.trim() !== question.description ||
    values.kind !== question.kind ||
    values.max_votes !== question.max_votes ||
    values.is_required !== question.is_required;
  const leave = () => {
    if (differs) void form.handleSubmit(save.start)();
  };
  return (
    <section className="card pad-l" aria-label={intl.formatMessage({ id: "polls.question.settings" })}>
      <Leaving onLeave={leave}>
        <Form form={form} action={save} onSubmit={save.start}>
          <FormText
            control={form.control}
            name="title"
            label={intl.formatMessage({ id: "polls.question.title" })}
            maxLength={255}
            required
          />
          <FormArea control={form.control} name="description" label={intl.formatMessage({ id: "polls.question.hint" })} rows={2} />
          <Select
            label={intl.formatMessage({ id: "polls.question.kind" })}
            help={intl.formatMessage({ id: "polls.question.kind.help" })}
            value={values.kind}
            onChange={(kind) => form.setValue("kind", kind)}
            choices={kinds.map((k) => ({ id: k, name: intl.formatMessage({ id: `polls.kind.${k}` }) }))}
          />
          <NumberField
            label={intl.formatMessage({ id: "polls.question.max" })}
            value={values.max_votes}
            onChange={(n) => form.setValue("max_votes", n)}
            min={1}
            max={Math.max(1, Math.min(most, question.options.length || most))}
          />
          <Switch
            label={intl.formatMessage({ id: "polls.question.required" })}
            help={intl.formatMessage({ id: "polls.question.required.help" })}
            checked={values.is_required}
            onChange={(on) => form.setValue("is_required", on)}
          />
          <Stored shown={!differs && !save.pending} />
        </Form>
      </Leaving>
    </section>
  );
}
