import { useNavigate } from "@tanstack/react-router";
import { Ban, CalendarX2, Copy, Ellipsis, Megaphone, RotateCcw, Trash2 } from "lucide-react";
import { events, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { IconButton } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { Menu, MenuItem } from "@updspace/ui/Menu";
import { TextArea } from "@updspace/ui/TextArea";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { eventKeys, repeats, unchanged, type EventDate } from "./queries.ts";

type Asking = "cancel" | "cancelDate" | "delete";

/** What is done with a whole event or one of its dates. */
export function EventMenu({ event }: { event: EventDate }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<Asking>();
  const [reason, setReason] = useState("");
  const close = () => setAsking(undefined);
  const header = unchanged(event);
  const path = { event_id: event.id };
  const date = { ...path, occurrence_id: event.occurrenceId };
  const recurring = repeats(event);
  const body = reason.trim() === "" ? {} : { reason: reason.trim() };
  const publish = useAction({
    run: (_: void, h) => ok(events.POST("/api/v1/events/{event_id}/publish", { params: { path, header: { ...h, ...header } } })),
    stale: eventKeys,
    done: intl.formatMessage({ id: "calendar.published" }),
  });
  const cancel = useAction({
    run: (of: "cancel" | "cancelDate", h) => {
      const headers = { ...h, ...header };
      return of === "cancel"
        ? ok(events.POST("/api/v1/events/{event_id}/cancel", { params: { path, header: headers }, body }))
        : ok(
            events.POST("/api/v1/events/{event_id}/occurrences/{occurrence_id}/cancel", { params: { path: date, header: headers }, body }),
          );
    },
    stale: eventKeys,
    done: intl.formatMessage({ id: "calendar.cancelled" }),
    onDone: close,
  });
  const restore = useAction({
    run: (_: void, h) =>
      ok(
        events.POST("/api/v1/events/{event_id}/occurrences/{occurrence_id}/restore", {
          params: { path: date, header: { ...h, ...header } },
        }),
      ),
    stale: eventKeys,
    done: intl.formatMessage({ id: "calendar.restored" }),
  });
  const copy = useAction({
    run: (_: void, h) =>
      ok(events.POST("/api/v1/events/{event_id}/duplicate", { params: { path }, headers: h, body: { startsAt: weekLater(event) } })),
    stale: eventKeys,
    done: intl.formatMessage({ id: "calendar.copied" }),
    onDone: (draft) => void navigate({ to: "/events/$id/edit", params: { id: draft.id } }),
  });
  const remove = useAction({
    run: async (_: void, h) => {
      await ok(events.DELETE("/api/v1/events/{event_id}", { params: { path, header: { ...h, ...header } } }));
      await navigate({ to: "/events", search: {}, replace: true });
    },
    stale: eventKeys,
    done: intl.formatMessage({ id: "calendar.deleted" }),
  });
  const name = intl.formatMessage({ id: "calendar.menu" }, { title: event.title });
  const error = publish.error ?? restore.error ?? copy.error;
  const scheduled = event.status === "scheduled";
  return (
    <>
      <Menu
        label={name}
        trigger={
          <IconButton label={name}>
            <Ellipsis className="i" aria-hidden="true" />
          </IconButton>
        }
      >
        {event.status === "draft" && (
          <MenuItem text={intl.formatMessage({ id: "calendar.publish" })} onAction={() => publish.start()}>
            <Megaphone className="i s" aria-hidden="true" />
            <FormattedMessage id="calendar.publish" />
          </MenuItem>
        )}
        {scheduled && recurring && (
          <MenuItem text={intl.formatMessage({ id: "calendar.cancelDate" })} onAction={() => setAsking("cancelDate")}>
            <Ban className="i s" aria-hidden="true" />
            <FormattedMessage id="calendar.cancelDate" />
          </MenuItem>
        )}
        {event.status === "cancelled" && recurring && (
          <MenuItem text={intl.formatMessage({ id: "calendar.restore" })} onAction={() => restore.start()}>
            <RotateCcw className="i s" aria-hidden="true" />
            <FormattedMessage id="calendar.restore" />
          </MenuItem>
        )}
        <MenuItem text={intl.formatMessage({ id: "calendar.copy" })} onAction={() => copy.start()}>
          <Copy className="i s" aria-hidden="true" />
          <FormattedMessage id="calendar.copy" />
        </MenuItem>
        {scheduled && (
          <MenuItem text={intl.formatMessage({ id: "calendar.cancel" })} onAction={() => setAsking("cancel")}>
            <CalendarX2 className="i s" aria-hidden="true" />
            <FormattedMessage id="calendar.cancel" />
          </MenuItem>
        )}
        <MenuItem text={intl.formatMessage({ id: "calendar.delete" })} danger onAction={() => setAsking("delete")}>
          <Trash2 className="i s" aria-hidden="true" />
          <FormattedMessage id="calendar.delete" />
        </MenuItem>
      </Menu>
      <ActionError error={error} />
      {(["cancel", "cancelDate"] as const).map((of) => (
        <Confirm
          key={of}
          open={asking === of}
          onClose={close}
          title={intl.formatMessage({ id: `calendar.${of}.title` }, { title: event.title })}
          action={intl.formatMessage({ id: `calendar.${of}` })}
          cancel={intl.formatMessage({ id: "action.cancel" })}
          danger
          pending={cancel.pending}
          onConfirm={() => cancel.start(of)}
        >
          <p>
            <FormattedMessage id={`calendar.${of}.text`} values={{ date: intl.formatDate(event.startsAt, { dateStyle: "long" }) }} />
          </p>
          <TextArea
            label={intl.formatMessage({ id: "calendar.cancel.reason" })}
            value={reason}
            onChange={setReason}
            maxLength={500}
            rows={2}
          />
          <ActionError error={cancel.error} />
        </Confirm>
      ))}
      <Confirm
        open={asking === "delete"}
        onClose={close}
        title={intl.formatMessage({ id: "calendar.delete.title" }, { title: event.title })}
        action={intl.formatMessage({ id: "calendar.delete" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={remove.pending}
        onConfirm={() => remove.start()}
      >
        <FormattedMessage id="calendar.delete.text" />
        <ActionError error={remove.error} />
      </Confirm>
    </>
  );
}

const week = 604_800_000; // milliseconds

/** A copy is most often for the next week. */
const weekLater = (e: EventDate) => new Date(Date.parse(e.startsAt) + week).toISOString();
