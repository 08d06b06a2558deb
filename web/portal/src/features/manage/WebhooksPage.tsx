import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { Button } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { Skeleton } from "@updspace/ui/Skeleton";
import { TextLink } from "@updspace/ui/TextLink";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { may, useSession } from "../../session.ts";
import { NewDiscordTarget } from "./DiscordTarget.tsx";
import { Refused } from "./Refused.tsx";
import { NewWebhook, ShownSecret } from "./WebhookForm.tsx";
import { managesWebhooks, webhooksQuery, type WebhookSecret } from "./webhooks.ts";

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
                  <bdi className="strong">{w.name}</bdi>
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
