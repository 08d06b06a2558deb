import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Plus, Trash2, UserSearch } from "lucide-react";
import { ApiError, gamification, ok } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { focusInvalid } from "@updspace/kit/forms.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { Switch } from "@updspace/ui/Switch";
import { ZoneField } from "@updspace/ui/ZoneField";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { FormattedMessage, useIntl } from "react-intl";
import { achievementKeys, unchanged } from "../parts.ts";
import { achievementQuery, type Achievement } from "../queries.ts";
import { ruleQuery, type AchievementRule, type Rule } from "../ruleQueries.ts";
import { useTexts } from "../words.tsx";
import { Changed, type Theirs } from "./Changed.tsx";
import { ConditionCard } from "./ConditionCard.tsx";
import { DeleteRule } from "./DeleteRule.tsx";
import { draftOf, isComplete, most, newCondition, newDraft, ruleOf, type Draft } from "./draft.ts";
import { DryRun } from "./DryRun.tsx";
import { InWords } from "./InWords.tsx";
import css from "./rule.module.css";

/** The rule of an achievement: written, said in words, tried on what is recorded, and stored. */
export function RulePage({ id }: { id: string }) {
  const intl = useIntl();
  const texts = useTexts();
  const { data: achievement } = useSuspenseQuery(achievementQuery(id));
  const { data: stored, isPending } = useQuery({ ...ruleQuery(id), enabled: achievement.has_rule });
  const back = { href: `/achievements/${id}`, name: texts(achievement.name_i18n) };
  if (!achievement.can_edit) {
    return (
      <>
        <PageHead title={intl.formatMessage({ id: "rules.title" })} back={back} />
        <div className="card">
          <EmptyState shape="patch" title={intl.formatMessage({ id: "rules.forbidden" })}>
            <FormattedMessage id="rules.forbidden.text" />
          </EmptyState>
        </div>
      </>
    );
  }
  if (achievement.has_rule && isPending) return null; // the route waits for it
  return <Builder achievement={achievement} stored={stored} back={back} />;
}

interface BuilderProps {
  achievement: Achievement;
  stored: AchievementRule | undefined;
  back: { href: string; name: string };
}

/** What was changed meanwhile by another manager; without a rule it was deleted. */
function Builder({ achievement, stored, back }: BuilderProps) {
  const intl = useIntl();
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const { id } = achievement;
  const [base, setBase] = useState(stored);
  const [draft, setDraft] = useState<Draft>(() =>
    stored ? draftOf(stored.rule) : newDraft(Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC"),
  );
  const [theirs, setTheirs] = useState<Theirs>();
  const [strict, setStrict] = useState(false);
  const [tried, setTried] = useState<Rule>();
  const [deleting, setDeleting] = useState(false);
  const rule = ruleOf(draft);
  const complete = isComplete(draft);
  const save = useAction({
    run: async (body: Rule, headers) => {
      const params = { path: { achievement_id: id }, header: { ...headers, ...unchanged({ version: base?.version ?? 0 }) } };
      try {
        return await ok(gamification.PUT("/api/v1/gamification/achievements/{achievement_id}/rule", { params, body }));
      } catch (e) {
        if (e instanceof ApiError && e.code === "RULE_CHANGED") await readTheirs();
        throw e;
      }
    },
    stale: achievementKeys,
    done: intl.formatMessage({ id: achievement.status === "published" ? "rules.saved.running" : "rules.saved" }),
    onDone: (now) => {
      client.setQueryData(ruleQuery(id).queryKey, now);
      setBase(now);
      setTheirs(undefined);
    },
  });
  const readTheirs = async () => {
    const a = await client.fetchQuery({ ...achievementQuery(id), staleTime: 0 });
    const now = a.has_rule ? await client.fetchQuery({ ...ruleQuery(id), staleTime: 0 }) : undefined;
    setTheirs({ stored: now });
    setBase(now);
  };
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const refused = fieldErrors(intl, save.error);
  const errors = { ...wrong, ...refused };
  const change = (next: Draft) => {
    setDraft(next);
    if (save.error) save.reset();
  };
  const submit = (then: () => void) => {
    if (complete) return then();
    flushSync(() => setStrict(true));
    if (form.current) focusInvalid(form.current);
  };
  const changed = save.error instanceof ApiError && save.error.code === "RULE_CHANGED";
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "rules.title" })} sub={intl.formatMessage({ id: "rules.sub" })} back={back}>
        {base && (
          <Button variant="quiet" onPress={() => setDeleting(true)}>
            <Trash2 className="i s" aria-hidden="true" />
            <FormattedMessage id="rules.delete" />
          </Button>
        )}
      </PageHead>
      {theirs && (
        <Changed
          theirs={theirs}
          onTake={(now) => {
            setDraft(draftOf(now.rule));
            setTheirs(undefined);
            save.reset();
          }}
        />
      )}
      <div className={`with-side ${css["builder"]}`}>
        <form
          className="form"
          noValidate
          ref={form}
          onSubmit={(e) => {
            e.preventDefault();
            submit(() => save.start(rule));
          }}
        >
          {save.error !== null && !changed && Object.keys(refused).length === 0 && <ActionError error={save.error} />}
          {draft.conditions.map((c, i) => (
            <ConditionCard
              key={c.key}
              condition={c}
              n={i + 1}
              errors={errorsOf(errors, `conditions.${i}`)}
              strict={strict}
              onChange={(next) => change({ ...draft, conditions: draft.conditions.map((was) => (was.key === c.key ? next : was)) })}
              onRemove={
                draft.conditions.length > 1
                  ? () => change({ ...draft, conditions: draft.conditions.filter((was) => was.key !== c.key) })
                  : undefined
              }
            />
          ))}
          {errors["conditions"] !== undefined && (
            <p className="field-error" role="alert">
              {errors["conditions"]}
            </p>
          )}
          {draft.conditions.length < most.conditions && (
            <div className="btns">
              <Button
                onPress={() =>
                  change({ ...draft, conditions: [...draft.conditions, newCondition(Math.max(...draft.conditions.map((c) => c.key)) + 1)] })
                }
              >
                <Plus className="i s" aria-hidden="true" />
                <FormattedMessage id="rules.condition.add" />
              </Button>
            </div>
          )}
          <section className="card pad-l vstack" aria-label={intl.formatMessage({ id: "rules.counting" })}>
            <h2>
              <FormattedMessage id="rules.counting" />
            </h2>
            <div className="card">
              <Switch
                label={intl.formatMessage({ id: "rules.takesBack" })}
                help={intl.formatMessage({ id: "rules.takesBack.help" })}
                checked={draft.takes_back}
                onChange={(takes_back) => change({ ...draft, takes_back })}
              />
            </div>
            <ZoneField
              label={intl.formatMessage({ id: "rules.zone" })}
              help={intl.formatMessage({ id: "rules.zone.help" })}
              value={draft.time_zone === "UTC" ? "" : draft.time_zone}
              onChange={(zone) => change({ ...draft, time_zone: zone || "UTC" })}
              deviceName="UTC"
            />
            {errors["time_zone"] !== undefined && (
              <p className="field-error" role="alert">
                {errors["time_zone"]}
              </p>
            )}
          </section>
          <div className="btns right">
            <Button onPress={() => submit(() => setTried(rule))}>
              <UserSearch className="i s" aria-hidden="true" />
              <FormattedMessage id="rules.dryRun" />
            </Button>
            <Button type="submit" variant="primary" pending={save.pending}>
              <FormattedMessage id="rules.save" />
            </Button>
          </div>
        </form>
        <InWords achievement={achievement} stored={base} rule={rule} complete={complete} onChecked={setWrong} />
      </div>
      {tried && JSON.stringify(tried) === JSON.stringify(rule) && <DryRun key={JSON.stringify(tried)} id={id} rule={tried} />}
      {deleting && <DeleteRule id={id} version={base?.version ?? 0} onClose={() => setDeleting(false)} onChanged={readTheirs} />}
    </>
  );
}

/** The errors of a part of the rule, by the names of its own fields. "" is the part itself. */
function errorsOf(errors: Record<string, string>, part: string): Record<string, string> {
  const inside = Object.entries(errors).filter(([field]) => field === part || field.startsWith(`${part}.`));
  return Object.fromEntries(inside.map(([field, text]) => [field.slice(part.length + 1), text]));
}
