import { ArrowRight } from "lucide-react";
import { getLocalTimeZone } from "@updspace/ui/DateTimeField";
import * as v from "valibot";
import { ok, voting } from "@updspace/kit/api.ts";
import { Form, FormArea, FormText, standardSchemaResolver, useForm } from "@updspace/kit/forms.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { rules } from "@updspace/kit/rules.ts";
import { Button } from "@updspace/ui/Button";
import { DateTimeField } from "@updspace/ui/DateTimeField";
import { LinkButton } from "@updspace/ui/LinkButton";
import { RadioCards } from "@updspace/ui/RadioCards";
import { Switch } from "@updspace/ui/Switch";
import { FormattedMessage, useIntl } from "react-intl";
import { Leaving, Stored } from "./Leaving.tsx";
import { changes, locked, rulesOf, type RuleValues } from "./pollRules.ts";
import { pollKeys } from "./queries.ts";
import { RulesCard } from "./RulesCard.tsx";
import type { Poll, ResultsVisibility, Visibility } from "./types.ts";
import css from "./Manage.module.css";

const visibilities: readonly Visibility[] = ["public", "community", "team", "private"];
const resultChoices: readonly ResultsVisibility[] = ["after_closed", "always", "admins_only"];

/** Texts, rules and schedule of a poll. After the first vote the rules stand; texts can then be corrected with a reason that voters see. */
export function RulesTab({ poll, questions }: { poll: Poll; questions: number }) {
  const intl = useIntl();
  const { text } = rules(intl);
  const draft = poll.phase === "draft";
  const fixed = locked(poll);
  const before = rulesOf(poll);
  const form = useForm({
    resolver: standardSchemaResolver(
      v.object({
        title: text({ required: true, max: 255 }),
        description: text({ max: 10000 }),
        amendment_reason: text({ max: 500 }),
        visibility: v.picklist(visibilities),
        results_visibility: v.picklist(resultChoices),
        anonymous: v.boolean(),
        allow_revoting: v.boolean(),
        starts_at: v.nullable(v.string()),
        ends_at: v.nullable(v.string()),
      }),
    ),
    defaultValues: before,
  });
  const values = form.watch();
  const corrected = fixed && (values.title !== before.title || values.description !== before.description);
  const save = useAction({
    run: (next: RuleValues, headers) =>
      ok(voting.PUT("/api/v1/voting/polls/{poll_id}", { params: { path: { poll_id: poll.id } }, body: changes(before, next), headers })),
    stale: pollKeys,
    ...(!draft && { done: intl.formatMessage({ id: "polls.saved" }) }),
  });
  const submit = (next: RuleValues) => {
    if (corrected && next.amendment_reason.trim() === "") {
      form.setError("amendment_reason", { message: intl.formatMessage({ id: "field.REQUIRED" }) }, { shouldFocus: true });
      return;
    }
    save.start(next);
  };
  const zone = intl.formatMessage({ id: "polls.field.zone" }, { zone: getLocalTimeZone() });
  const clear = intl.formatMessage({ id: "polls.field.clear" });
  const shown = visibilities.filter((x) => (x !== "community" && x !== "team") || x.toUpperCase() === poll.scope_type);
  const differs = Object.keys(changes(before, values)).length > 0;
  const leave = () => {
    if (draft && differs) void form.handleSubmit(submit)();
  };
  return (
    <div className="with-side">
      <Leaving onLeave={leave}>
        <Form form={form} action={save} onSubmit={submit}>
          <FormText control={form.control} name="title" label={intl.formatMessage({ id: "polls.field.title" })} maxLength={255} required />
          <FormArea control={form.control} name="description" label={intl.formatMessage({ id: "polls.field.description" })} />
          {corrected && (
            <FormText
              control={form.control}
              name="amendment_reason"
              label={intl.formatMessage({ id: "polls.field.reason" })}
              help={intl.formatMessage({ id: "polls.field.reason.help" })}
              maxLength={500}
              required
            />
          )}
          <fieldset className="vstack" disabled={fixed}>
            <legend className="vh">
              <FormattedMessage id="polls.rules" />
            </legend>
            <RadioCards
              legend={intl.formatMessage({ id: "polls.field.visibility" })}
              value={values.visibility}
              onChange={(x) => form.setValue("visibility", x)}
              choices={shown.map((x) => ({
                id: x,
                name: intl.formatMessage({ id: `polls.visibility.${x}` }),
                help: intl.formatMessage({ id: `polls.visibility.${x}.rule` }),
              }))}
              columns
            />
            <RadioCards
              legend={intl.formatMessage({ id: "polls.field.results" })}
              value={values.results_visibility}
              onChange={(x) => form.setValue("results_visibility", x)}
              choices={resultChoices.map((x) => ({ id: x, name: intl.formatMessage({ id: `polls.rule.results.${x}` }) }))}
            />
            <div className="card rows">
              <Switch
                label={intl.formatMessage({ id: "polls.field.anonymous" })}
                help={intl.formatMessage({ id: "polls.field.anonymous.help" })}
                checked={values.anonymous}
                disabled={fixed}
                onChange={(on) => form.setValue("anonymous", on)}
              />
              <Switch
                label={intl.formatMessage({ id: "polls.field.revote" })}
                help={intl.formatMessage({ id: "polls.field.revote.help" })}
                checked={values.allow_revoting}
                disabled={fixed}
                onChange={(on) => form.setValue("allow_revoting", on)}
              />
            </div>
          </fieldset>
          <div className={css["two"]}>
            <DateTimeField
              label={intl.formatMessage({ id: "polls.field.starts" })}
              help={zone}
              value={values.starts_at}
              onChange={(at) => form.setValue("starts_at", at)}
              disabled={fixed}
              clearLabel={clear}
              error={form.formState.errors.starts_at?.message}
            />
            <DateTimeField
              label={intl.formatMessage({ id: "polls.field.ends" })}
              help={fixed ? intl.formatMessage({ id: "polls.field.ends.later" }) : zone}
              value={values.ends_at}
              onChange={(at) => form.setValue("ends_at", at)}
              disabled={poll.status === "closed"}
              clearLabel={clear}
              error={form.formState.errors.ends_at?.message}
            />
          </div>
          <div className="btns">
            {!draft && (
              <Button type="submit" variant="primary" pending={save.pending} disabled={!differs}>
                <FormattedMessage id="action.save" />
              </Button>
            )}
            {draft && (
              <LinkButton href={`/polls/${poll.id}/manage?tab=check`} variant="primary">
                <FormattedMessage id="polls.wizard.toCheck" />
                <ArrowRight className="i s" aria-hidden="true" />
              </LinkButton>
            )}
            {draft && <Stored shown={!differs && !save.pending} />}
          </div>
        </Form>
      </Leaving>
      <RulesCard poll={values} questions={questions} />
    </div>
  );
}
