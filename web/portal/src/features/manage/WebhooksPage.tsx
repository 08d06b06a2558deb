import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Checkbox } from "@updspace/ui/Checkbox";
import { CopyField } from "@updspace/ui/CopyField";
import { Dialog } from "@updspace/ui/Dialog";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { Skeleton } from "@updspace/ui/Skeleton";
import { TextField } from "@updspace/ui/TextField";
import { TextLink } from "@updspace/ui/TextLink";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { may, useSession } from "../../session.ts";
import { NewDiscordTarget } from "./DiscordTarget.tsx";
import { Refused } from "./Refused.tsx";
import { eventTypesQuery, managesWebhooks, webhooksKey, webhooksQuery, type WebhookSecret } from "./webhooks.ts";

/** The addresses that the public events of the space are sent to. */
export function WebhooksPage() {
  const intl = useIntl();
  const allowed = may(useSession(), managesWebhooks);
  const { data: webhooks, error, refetch } = useQuery({ ...webhooksQuery, enabled: allowed });
  const [adding, setAdding] = useState(false);
  const [discord, setDiscord] = useState(false);
  const [made, setMade] = useState<WebhookSecret>();
  if (!allowed) return <Refused permission={managesWebhooks} />;
  if (error) return <Refused permission={managesWebhooks} error={error} retry={() => void refetch()} />;
  return (
    <>
      <PageHead
        title={intl.formatMessage({ id: "manage.webhooks" })}
        sub={intl.formatMessage({ id: "manage.webhooks.sub" })}
        back={{ href: "/manage", name: intl.formatMessage({ id: "nav.manage" }) }}
      />
      <section className="card" aria-labelledby="webhooks">
        <div className="card-head">
          <h2 id="webhooks">
            <FormattedMessage id="manage.webhooks.addresses" />
          </h2>
          {webhooks && (
            <div className="btns">
              <Button onPress={() => setDiscord(true)}>
                <FormattedMessage id="manage.discord.add" />
              </Button>
              <Button onPress={() => setAdding(true)}>
                <FormattedMessage id="manage.webhooks.add" />
              </Button>
            </div>
          )}
        </div>
        {!webhooks ? (
          <Skeleton label={intl.formatMessage({ id: "loading" })} rows={2} />
        ) : webhooks.length === 0 ? (
          <EmptyState shape="patch" title={intl.formatMessage({ id: "manage.webhooks.none" })}>
            <FormattedMessage id="manage.webhooks.none.text" />
          </EmptyState>
        ) : (
          <div className="rows">
            {webhooks.map((w) => (
              <TextLink key={w.id} className="row" href={`/manage/webhooks/${w.id}`}>
                <span className="grow">
                  <span className="strong">{w.name}</span>
                  <span className="small muted block">
                    <FormattedMessage id={`manage.webhooks.state.${w.state}`} />
                    {" · "}
                    <FormattedMessage id="manage.webhooks.types.count" values={{ count: w.types.length }} />
                    {" · "}
                    {w.format === "discord" ? "Discord" : new URL(w.url).host}
                  </span>
                </span>
                <ChevronRight className="i s" aria-hidden="true" />
              </TextLink>
            ))}
          </div>
        )}
      </section>
      {adding && (
        <NewWebhook
          onClose={() => setAdding(false)}
          onMade={(secret) => {
            setAdding(false);
            setMade(secret);
          }}
        />
      )}
      {discord && <NewDiscordTarget onClose={() => setDiscord(false)} />}
      {made?.secret && <ShownSecret secret={made.secret} onClose={() => setMade(undefined)} />}
    </>
  );
}

function NewWebhook({ onClose, onMade }: { onClose: () => void; onMade: (made: WebhookSecret) => void }) {
  const intl = useIntl();
  const { data: types } = useQuery(eventTypesQuery);
  const [name, setName] = useState("");
  const [url, setURL] = useState("https://");
  const [chosen, setChosen] = useState<string[]>([]);
  const create = useAction({
    run: (body: { name: string; url: string; types: string[] }, headers) =>
      ok(activity.POST("/api/v1/activity/webhooks", { body, headers })),
    stale: [[webhooksKey]],
    onDone: onMade,
  });
  const [missing, setMissing] = useState(false);
  const errors = fieldErrors(intl, create.error);
  const required = intl.formatMessage({ id: "field.REQUIRED" });
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "manage.webhooks.add" })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault();
          if (name.trim() === "" || chosen.length === 0) setMissing(true);
          else create.start({ name, url, types: chosen });
        }}
      >
        <TextField
          label={intl.formatMessage({ id: "manage.webhooks.name" })}
          value={name}
          onChange={setName}
          maxLength={100}
          error={errors.name ?? (missing && name.trim() === "" ? required : undefined)}
        />
        <TextField
          label={intl.formatMessage({ id: "manage.webhooks.url" })}
          help={intl.formatMessage({ id: "manage.webhooks.url.help" })}
          value={url}
          onChange={setURL}
          inputMode="url"
          maxLength={2048}
          error={errors.url}
        />
        <fieldset className="stack">
          <legend className="label">
            <FormattedMessage id="manage.webhooks.types" />
          </legend>
          {(errors.types ?? (missing && chosen.length === 0)) && (
            <p className="error" role="alert">
              {errors.types ?? required}
            </p>
          )}
          {types?.map(({ type }) => (
            <Checkbox
              key={type}
              label={<code>{type}</code>}
              checked={chosen.includes(type)}
              onChange={(on) => setChosen(on ? [...chosen, type] : chosen.filter((c) => c !== type))}
            />
          ))}
        </fieldset>
        <ActionError error={create.error} />
        <div className="btns">
          <Button type="submit" variant="primary" pending={create.pending}>
            <FormattedMessage id="manage.webhooks.add" />
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** A secret, shown once. */
export function ShownSecret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const intl = useIntl();
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "manage.secret" })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <p>
        <FormattedMessage id="manage.secret.text" />
      </p>
      <CopyField
        label={intl.formatMessage({ id: "manage.secret" })}
        value={secret}
        copy={intl.formatMessage({ id: "action.copy" })}
        copied={intl.formatMessage({ id: "action.copied" })}
      />
    </Dialog>
  );
}
