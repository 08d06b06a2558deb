import { CircleCheck, CircleHelp, Monitor, Smartphone, Tablet } from "lucide-react";
import { FormattedMessage, useIntl } from "react-intl";
import { ok } from "@updspace/kit/answer.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { identity, orSignIn } from "../../api.ts";
import { deviceName } from "./deviceName.ts";
import styles from "./DeviceRow.module.css";
import { sessionsQuery, type Device } from "./queries.ts";

const icons = { desktop: Monitor, phone: Smartphone, tablet: Tablet, other: CircleHelp };

export function DeviceRow({ device }: { device: Device }) {
  const intl = useIntl();
  const name = deviceName(intl, device);
  const Icon = icons[device.device];
  const end = useAction({
    run: (_: void, headers) =>
      ok(identity.DELETE("/api/v1/auth/sessions/{session_id}", { params: { path: { session_id: device.id } }, headers })).catch(orSignIn),
    stale: [sessionsQuery.queryKey],
    done: intl.formatMessage({ id: "sessions.ended" }, { name }),
  });
  return (
    <li className={`row ${styles.device}`}>
      <span className={styles.icon}>
        <Icon className="i" aria-hidden="true" />
      </span>
      <div className="grow">
        <h3>{name}</h3>
        <p className="small muted">
          <FormattedMessage id="sessions.used" values={{ time: <Time at={device.last_used_at} /> }} />
          {" · "}
          <FormattedMessage id="sessions.since" values={{ time: <Time at={device.created_at} /> }} />
          {device.ip && <> · {device.ip}</>}
        </p>
        <ActionError error={end.error} />
      </div>
      {device.current ? (
        <span className="state ok">
          <CircleCheck className="i s" aria-hidden="true" />
          <FormattedMessage id="sessions.this" />
        </span>
      ) : (
        <Button size="s" pending={end.pending} onPress={() => end.start()}>
          <FormattedMessage id="sessions.end" />
          <span className="vh">{name}</span>
        </Button>
      )}
    </li>
  );
}
