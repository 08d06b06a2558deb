import { useQuery } from "@tanstack/react-query";
import { CalendarDays, ClipboardList, FilePlus, ListChecks, Trophy, Vote, Zap, type LucideIcon } from "lucide-react";
import { useNavigate } from "@tanstack/react-router";
import { ok, voting } from "@updspace/kit/api.ts";
import { useDraft } from "@updspace/kit/drafts.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { useLanguage } from "@updspace/kit/words.tsx";
import { Button } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { RadioCards } from "@updspace/ui/RadioCards";
import { Select } from "@updspace/ui/Select";
import { TextField } from "@updspace/ui/TextField";
import { useState, type SyntheticEvent } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { useCreatePlaces } from "../../creating.ts";
import { boot, useSession } from "../../session.ts";
import { NewPollPreview } from "./NewPollPreview.tsx";
import { WizardSteps } from "./WizardSteps.tsx";
import { pollKeys, templatesQuery } from "./queries.ts";
import type { ScopeType } from "./types.ts";

interface Start {
  title: string;
  template: string;
}

const empty: Start = { title: "", template: "quick" };
const blank = "blank"; // no template

const icons: Record<string, LucideIcon> = {
  quick: Zap,
  multi: ListChecks,
  survey: ClipboardList,
  awards: Trophy,
  schedule: CalendarDays,
  [blank]: FilePlus,
};

function Lead({ template }: { template: string }) {
  const Icon = icons[template] ?? Vote;
  return <Icon className="i" aria-hidden="true" />;
}

/** The first step to a poll: its kind, its title and where it belongs. It makes the draft; the next steps edit that. */
export function NewPollPage({ scope }: { scope: string | undefined }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const { language } = useLanguage();
  const { tenant, groups } = useCreatePlaces("voting.poll.create");
  const { data: templates = [] } = useQuery(templatesQuery);
  const [start, setStart, forget] = useDraft(`${useSession().user.id}:poll:new`, empty);
  const places = [
    ...(tenant ? [{ id: "TENANT", name: boot.tenant?.name ?? "" }] : []),
    ...groups.map((g) => ({
      id: g.id,
      name: g.name,
      help: intl.formatMessage({ id: g.kind === "COMMUNITY" ? "polls.place.community" : "polls.place.team" }),
    })),
  ];
  const [chosen, setPlace] = useState(scope);
  const [lacks, setLacks] = useState(false);
  const place = places.find((p) => p.id === chosen)?.id ?? places[0]?.id;
  const group = groups.find((g) => g.id === place);
  const create = useAction({
    run: (title: string, headers) =>
      ok(
        voting.POST("/api/v1/voting/polls", {
          body: {
            title,
            ...(start.template !== blank && { template: start.template }),
            language,
            anonymous: false,
            ...(group ? { scope_type: group.kind, scope_id: group.id } : {}),
          },
          headers,
        }),
      ),
    stale: pollKeys,
    onDone: (poll) => {
      forget();
      void navigate({ to: "/polls/$id/manage", params: { id: poll.id }, search: { tab: "questions" } });
    },
  });
  const back = { href: "/polls", name: intl.formatMessage({ id: "nav.polls" }) };
  const title = intl.formatMessage({ id: "polls.new" });
  if (place === undefined) {
    return (
      <>
        <PageHead title={title} back={back} />
        <div className="card">
          <EmptyState title={intl.formatMessage({ id: "polls.new.forbidden" })} shape="date">
            <FormattedMessage id="polls.empty.who" />
          </EmptyState>
        </div>
      </>
    );
  }
  const submit = (e: SyntheticEvent) => {
    e.preventDefault();
    const text = start.title.trim();
    setLacks(text === "");
    if (text !== "") create.start(text);
  };
  const choices = [
    ...templates.map((t) => ({ id: t.slug, name: t.title_i18n[language], help: t.description_i18n[language] })),
    { id: blank, name: intl.formatMessage({ id: "polls.new.blank" }), help: intl.formatMessage({ id: "polls.new.blank.help" }) },
  ].map((c) => ({ ...c, lead: <Lead template={c.id} /> }));
  const scope_type: ScopeType = group?.kind ?? "TENANT";
  return (
    <>
      <PageHead title={title} back={back} sub={intl.formatMessage({ id: "polls.new.sub" })} />
      <WizardSteps at="template" />
      <div className="with-side">
        <form className="vstack" noValidate onSubmit={submit}>
          <ActionError error={create.error} />
          <TextField
            label={intl.formatMessage({ id: "polls.field.title" })}
            value={start.title}
            onChange={(t) => setStart({ ...start, title: t })}
            maxLength={255}
            required
            error={lacks && start.title.trim() === "" ? intl.formatMessage({ id: "field.REQUIRED" }) : undefined}
          />
          <RadioCards
            legend={intl.formatMessage({ id: "polls.new.template" })}
            value={start.template}
            onChange={(template) => setStart({ ...start, template })}
            columns
            choices={choices}
          />
          {places.length > 1 && (
            <Select
              label={intl.formatMessage({ id: "polls.new.place" })}
              help={intl.formatMessage({ id: "polls.new.place.help" })}
              value={place}
              onChange={setPlace}
              choices={places}
            />
          )}
          <div className="btns">
            <Button type="submit" variant="primary" pending={create.pending}>
              <FormattedMessage id="polls.new.next" />
            </Button>
          </div>
        </form>
        <NewPollPreview
          title={start.title}
          place={{ scope_type, scope_id: group?.id ?? "" }}
          template={templates.find((t) => t.slug === start.template)}
        />
      </div>
    </>
  );
}
