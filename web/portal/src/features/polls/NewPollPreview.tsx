import { PenLine } from "lucide-react";
import { groupColours } from "@updspace/kit/groups.tsx";
import { useLanguage } from "@updspace/kit/words.tsx";
import { flagOf } from "@updspace/ui/art/designs";
import { ClothStrip } from "@updspace/ui/Cover";
import { FormattedMessage, useIntl } from "react-intl";
import { boot } from "../../session.ts";
import { Place, useGroup } from "./Place.tsx";
import css from "./PollsPage.module.css";
import { RulesCard } from "./RulesCard.tsx";
import type { Poll, Template } from "./types.ts";

/** What holds in a poll that starts without a template. */
const plain = { visibility: "public", anonymous: false, allow_revoting: false, results_visibility: "after_closed" } as const;

interface NewPollPreviewProps {
  title: string;
  place: Pick<Poll, "scope_type" | "scope_id">;
  template: Template | undefined;
}

/** How the poll will stand in the list, which questions it starts with, and what will hold in it. */
export function NewPollPreview({ title, place, template }: NewPollPreviewProps) {
  const intl = useIntl();
  const { language } = useLanguage();
  const group = useGroup(place);
  const colours = group ? flagOf(group.id, groupColours(group)) : (boot.tenant ?? undefined);
  const questions = template?.questions ?? [];
  return (
    <div className="vstack">
      <section className={`card ${css["todo"]}`} aria-label={intl.formatMessage({ id: "polls.new.preview" })}>
        <ClothStrip id={group?.id ?? boot.tenant?.id ?? ""} colours={colours} />
        <div className="pad vstack s">
          <span className="small muted">
            <Place poll={place} />
          </span>
          <h2 className={css["title"]} dir="auto">
            {title.trim() === "" ? <span className="muted">{intl.formatMessage({ id: "polls.field.title" })}</span> : title}
          </h2>
          {questions.map((q) => (
            <span key={q.title} className="line nowrap small">
              <PenLine className="i s" aria-hidden="true" />
              {q.title_i18n[language]}
            </span>
          ))}
          {questions.length === 0 && (
            <span className="small muted">
              <FormattedMessage id="polls.questions.none" />
            </span>
          )}
        </div>
      </section>
      <RulesCard
        poll={template ? { ...plain, visibility: template.visibility, ...template.settings } : plain}
        questions={questions.length}
      />
    </div>
  );
}
