import { useSuspenseQuery } from "@tanstack/react-query";
import { CircleCheck, CircleX } from "lucide-react";
import { FormattedMessage, useIntl } from "react-intl";
import { Time } from "@updspace/kit/time.tsx";
import { PageHead } from "@updspace/ui/PageHead";
import deviceStyles from "../sessions/DeviceRow.module.css";
import { deviceName } from "../sessions/deviceName.ts";
import { loginsQuery, type LoginEvent } from "./queries.ts";

/** When the account was signed in, and attempts that failed. */
export function History() {
  const intl = useIntl();
  const { data: events } = useSuspenseQuery(loginsQuery);
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "nav.history" })} sub={intl.formatMessage({ id: "history.sub" })} />
      <section className="card" aria-label={intl.formatMessage({ id: "nav.history" })}>
        {events.length > 0 ? (
          <ul className="rows">
            {events.map((event) => (
              <Row key={event.id} event={event} />
            ))}
          </ul>
        ) : (
          <p className="pad muted">
            <FormattedMessage id="history.none" />
          </p>
        )}
      </section>
    </>
  );
}

const methods = ["password", "magic_link", "passkey", "external"] as const;

function Row({ event }: { event: LoginEvent }) {
  const intl = useIntl();
  const succeeded = event.status === "success";
  const Icon = succeeded ? CircleCheck : CircleX;
  const method = methods.find((m) => m === event.method);
  return (
    <li className={`row ${deviceStyles.device}`}>
      <span className={deviceStyles.icon}>
        <Icon className="i" aria-hidden="true" />
      </span>
      <div className="grow">
        <h2 className="strong">{deviceName(intl, event)}</h2>
        <p className="small muted">
          <Time at={event.created_at} />
          {method && (
            <>
              {" · "}
              <FormattedMessage id={`history.${method}`} />
            </>
          )}
          {event.ip_address && <> · {event.ip_address}</>}
        </p>
      </div>
      {succeeded ? (
        event.is_new_device && (
          <span className="state">
            <FormattedMessage id="history.new" />
          </span>
        )
      ) : (
        <span className="state warn">
          <FormattedMessage id="history.failed" />
        </span>
      )}
    </li>
  );
}
