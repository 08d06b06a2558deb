import { Link } from "@tanstack/react-router";
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { useNow } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { showCurrent } from "@updspace/ui/Tabs";
import { CheckCheck, Settings2 } from "lucide-react";
import { useId } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { daysOf } from "./days.ts";
import { NotificationRow } from "./NotificationRow.tsx";
import css from "./notifications.module.css";
import { notificationPages, notificationsKey, type Notification } from "./queries.ts";
import { views, type View } from "./search.ts";

/** What a person was told, by day. */
export function NotificationsPage({ view }: { view: View }) {
  const intl = useIntl();
  const query = usePages(notificationPages(view));
  const [latest] = query.items;
  const readAll = useAction({
    run: (up_to: string | undefined, headers) =>
      ok(activity.POST("/api/v1/activity/notifications/read", { body: up_to === undefined ? {} : { up_to }, headers })),
    stale: [[notificationsKey]],
  });
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "nav.notifications" }, { n: 0 })}>
        {query.items.some((n) => !n.read) && (
          <Button pending={readAll.pending} onPress={() => readAll.start(view === "all" ? latest?.told_at : undefined)}>
            <CheckCheck className="i s" aria-hidden="true" />
            <FormattedMessage id="notifications.allRead" />
          </Button>
        )}
        <LinkButton href="/settings?part=notifications">
          <Settings2 className="i s" aria-hidden="true" />
          <FormattedMessage id="notifications.preferences" />
        </LinkButton>
      </PageHead>
      <ActionError error={readAll.error} />
      <nav className="tabs" aria-label={intl.formatMessage({ id: "notifications.views" })} ref={showCurrent}>
        {views.map((v) => (
          <Link
            key={v}
            to="/notifications"
            search={{ view: v === "all" ? undefined : v }}
            {...(v === view && { "aria-current": "page" as const })}
            activeOptions={{ exact: true, explicitUndefined: true }}
          >
            <FormattedMessage id={`notifications.view.${v}`} />
          </Link>
        ))}
      </nav>
      <PagedList
        query={query}
        empty={
          <section className="card">
            <EmptyState shape="post" title={intl.formatMessage({ id: `notifications.empty.${view}` })}>
              <FormattedMessage id={`notifications.empty.${view}.text`} />
            </EmptyState>
          </section>
        }
      >
        {(items) => <Days items={items} />}
      </PagedList>
    </>
  );
}

function Days({ items }: { items: Notification[] }) {
  const now = useNow();
  return (
    <div className={css["days"]}>
      {daysOf(items, now).map(({ day, age, items: told }) => (
        <Day key={day} day={day} age={age} items={told} />
      ))}
    </div>
  );
}

function Day({ day, age, items }: { day: string; age: number; items: Notification[] }) {
  const intl = useIntl();
  const id = useId();
  return (
    <section className="vstack s" aria-labelledby={id}>
      <h2 id={id}>
        {age === 0 && <FormattedMessage id="notifications.day.today" />}
        {age === 1 && <FormattedMessage id="notifications.day.yesterday" />}
        {age > 1 && intl.formatDate(items[0]?.told_at ?? day, { day: "numeric", month: "long" })}
      </h2>
      <ul className="card rows">
        {items.map((n) => (
          <NotificationRow key={n.id} notification={n} />
        ))}
      </ul>
    </section>
  );
}
