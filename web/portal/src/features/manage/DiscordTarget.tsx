// A webhook whose messages are cards in a channel of Discord.
import type { activity as api } from "@updspace/api";
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { languageNames } from "@updspace/kit/words.tsx";
import { Button } from "@updspace/ui/Button";
import { Checkbox } from "@updspace/ui/Checkbox";
import { Dialog } from "@updspace/ui/Dialog";
import { Select } from "@updspace/ui/Select";
import { TextField } from "@updspace/ui/TextField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { useSession } from "../../session.ts";
import { PlaceFields, scopeAt, wholeSpace } from "./PlaceFields.tsx";
import { webhooksKey } from "./webhooks.ts";

type Create = api.components["schemas"]["WebhookCreate"];

/** What is usually posted, by types of events. */
const kinds = {
  news: ["activity.news.published"],
  posts: ["portal.post.created"],
  polls: ["voting.poll.opened", "voting.poll.closed"],
  events: ["events.event.created", "events.event.cancelled"],
  achievements: ["gamification.achievement.published", "gamification.grant.created"],
  groups: ["portal.community.created", "portal.team.created"],
} as const;

type Kind = keyof typeof kinds;

function isKind(name: string): name is Kind {
  return name in kinds;
}

const all = Object.keys(kinds).filter(isKind);

export function NewDiscordTarget({ onClose }: { onClose: () => void }) {
  const intl = useIntl();
  const { tenant } = useSession();
  const [name, setName] = useState("");
  const [url, setURL] = useState("");
  const [language, setLanguage] = useState<"en" | "ru">(intl.locale.startsWith("ru") ? "ru" : "en");
  const [chosen, setChosen] = useState<Kind[]>(["news", "events"]);
  const [place, setPlace] = useState(wholeSpace);
  const [missing, setMissing] = useState(false);
  const create = useAction({
    run: (body: Create, headers) => ok(activity.POST("/api/v1/activity/webhooks", { body, headers })),
    stale: [[webhooksKey]],
    done: intl.formatMessage({ id: "manage.discord.added" }),
    onDone: onClose,
  });
  const errors = fieldErrors(intl, create.error);
  const required = intl.formatMessage({ id: "field.REQUIRED" });
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "manage.discord.add" })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <form
        className="vstack"
        onSubmit={(e) => {
          e.preventDefault();
          const scope = scopeAt(place, tenant.id);
          if (name.trim() === "" || chosen.length === 0) setMissing(true);
          else if (scope.type === "TENANT" || scope.type === "COMMUNITY" || scope.type === "TEAM")
            create.start({
              name,
              url: url.trim(),
              language,
              format: "discord",
              scope_type: scope.type,
              scope_id: scope.id,
              types: chosen.flatMap((kind) => kinds[kind]),
            });
        }}
      >
        <TextField
          label={intl.formatMessage({ id: "manage.discord.name" })}
          value={name}
          onChange={setName}
          maxLength={100}
          error={errors.name ?? (missing && name.trim() === "" ? required : undefined)}
        />
        <TextField
          label={intl.formatMessage({ id: "manage.discord.url" })}
          help={intl.formatMessage({ id: "manage.discord.url.help" })}
          value={url}
          onChange={setURL}
          inputMode="url"
          maxLength={2048}
          error={errors.url}
        />
        <Select
          label={intl.formatMessage({ id: "manage.discord.language" })}
          value={language}
          onChange={setLanguage}
          choices={[
            { id: "ru", name: languageNames.ru },
            { id: "en", name: languageNames.en },
          ]}
        />
        <PlaceFields value={place} onChange={setPlace} error={errors.scope_id} />
        <fieldset className="vstack">
          <legend className="label">
            <FormattedMessage id="manage.webhooks.types" />
          </legend>
          {(errors.types ?? (missing && chosen.length === 0)) && (
            <p className="error" role="alert">
              {errors.types ?? required}
            </p>
          )}
          {all.map((kind) => (
            <Checkbox
              key={kind}
              label={intl.formatMessage({ id: `manage.discord.kind.${kind}` })}
              checked={chosen.includes(kind)}
              onChange={(on) => setChosen(on ? [...chosen, kind] : chosen.filter((c) => c !== kind))}
            />
          ))}
        </fieldset>
        <p className="small muted">
          <FormattedMessage id="manage.discord.public" />
        </p>
        <ActionError error={create.error} />
        <div className="btns">
          <Button type="submit" variant="primary" pending={create.pending}>
            <FormattedMessage id="manage.discord.add" />
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
