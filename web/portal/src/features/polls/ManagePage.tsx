import { useSuspenseQuery } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { Tabs } from "@updspace/ui/Tabs";
import { FormattedMessage, useIntl } from "react-intl";
import { may, useSession } from "../../session.ts";
import { questionsOf } from "./ballot.ts";
import { CheckTab } from "./CheckTab.tsx";
import { JournalTab } from "./JournalTab.tsx";
import { ManageMenu } from "./ManageMenu.tsx";
import { PeopleTab } from "./PeopleTab.tsx";
import { PollTime } from "./PollTime.tsx";
import { pollQuery } from "./queries.ts";
import { QuestionPage } from "./QuestionPage.tsx";
import { QuestionsTab } from "./QuestionsTab.tsx";
import { RulesTab } from "./RulesTab.tsx";
import { WizardSteps } from "./WizardSteps.tsx";

export type ManageTab = "questions" | "rules" | "people" | "check" | "journal";

interface ManagePageProps {
  id: string;
  tab: ManageTab | undefined;
  /** The question that is edited. */
  question: string | undefined;
}

/** Everything that those who run a poll do with it. A draft goes through its steps; what is published keeps its questions. */
export function ManagePage({ id, tab = "questions", question }: ManagePageProps) {
  const intl = useIntl();
  const session = useSession();
  const { data: info } = useSuspenseQuery(pollQuery(id));
  const { poll, meta } = info;
  const draft = poll.phase === "draft";
  const back = { href: `/polls/${id}`, name: intl.formatMessage({ id: "polls.back.poll" }) };
  if (!meta.can_manage && !meta.can_edit_questions) {
    return (
      <>
        <PageHead title={poll.title} back={back} />
        <div className="card">
          <EmptyState title={intl.formatMessage({ id: "polls.manage.forbidden" })}>
            <FormattedMessage id="polls.manage.who" />
          </EmptyState>
        </div>
      </>
    );
  }
  const edited = questionsOf(info).find((q) => q.id === question);
  if (edited) return <QuestionPage info={info} question={edited} />;
  const tabs: ManageTab[] = [
    "questions",
    ...(meta.can_manage ? (["rules", "people"] as const) : []),
    ...(draft && meta.can_manage ? (["check"] as const) : []),
    ...(may(session, "voting.votings.admin") ? (["journal"] as const) : []),
  ];
  const shown = tabs.includes(tab) ? tab : "questions";
  return (
    <>
      <PageHead title={poll.title} back={back} sub={<PollTime poll={poll} />}>
        <ManageMenu info={info} />
      </PageHead>
      {draft && (shown === "questions" || shown === "rules" || shown === "check") && <WizardSteps id={id} at={shown} />}
      <Tabs
        label={intl.formatMessage({ id: "polls.manage.parts" })}
        tabs={tabs.map((t) => ({
          href: `/polls/${id}/manage?tab=${t}`,
          name: intl.formatMessage({ id: `polls.manage.${t}` }),
          current: t === shown,
          ...(t === "questions" && { count: info.nominations.length }),
        }))}
      />
      {!draft && (shown === "questions" || shown === "rules") && <Fixed voted={poll.settings.total_votes > 0} />}
      {shown === "questions" && <QuestionsTab info={info} />}
      {shown === "rules" && <RulesTab poll={poll} questions={info.nominations.length} />}
      {shown === "people" && <PeopleTab poll={poll} role={meta.role} />}
      {shown === "check" && <CheckTab info={info} />}
      {shown === "journal" && <JournalTab id={id} />}
    </>
  );
}

/** What can no longer be changed, and why. */
function Fixed({ voted }: { voted: boolean }) {
  return (
    <p className="state quiet">
      <Lock className="i s" aria-hidden="true" />
      <FormattedMessage id={voted ? "polls.fixed.rules" : "polls.fixed.questions"} />
    </p>
  );
}
