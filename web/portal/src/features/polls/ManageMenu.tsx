import { useNavigate } from "@tanstack/react-router";
import { BarChart3, CircleStop, Copy, Ellipsis, Trash2 } from "lucide-react";
import { useState } from "react";
import { ok, voting } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { IconButton } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { Menu, MenuItem } from "@updspace/ui/Menu";
import { FormattedMessage, useIntl } from "react-intl";
import { useMayCreate } from "../../creating.ts";
import { pollKeys } from "./queries.ts";
import type { PollInfo } from "./types.ts";

/** What is done with the whole poll: results, close, copy, delete. */
export function ManageMenu({ info: { poll, meta } }: { info: PollInfo }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<"close" | "delete">();
  const mayCreate = useMayCreate("voting.poll.create");
  const params = { path: { poll_id: poll.id } };
  const values = { title: poll.title };
  const close = useAction({
    run: (_: void, headers) => ok(voting.PUT("/api/v1/voting/polls/{poll_id}", { params, body: { status: "closed" }, headers })),
    stale: pollKeys,
    done: intl.formatMessage({ id: "polls.closed" }),
    onDone: () => setAsking(undefined),
  });
  const remove = useAction({
    run: async (_: void, headers) => {
      await ok(voting.DELETE("/api/v1/voting/polls/{poll_id}", { params, headers }));
      await navigate({ to: "/polls", search: {}, replace: true });
    },
    stale: [["/api/v1/voting/me/polls"]],
    done: intl.formatMessage({ id: "polls.deleted" }),
  });
  const copy = useAction({
    run: (_: void, headers) => ok(voting.POST("/api/v1/voting/polls/{poll_id}/copy", { params, body: {}, headers })),
    stale: [["/api/v1/voting/me/polls"]],
    done: intl.formatMessage({ id: "polls.copied" }),
    onDone: (draft) => void navigate({ to: "/polls/$id/manage", params: { id: draft.id }, search: { tab: "questions" } }),
  });
  const item = (name: "polls.results.open" | "polls.close" | "polls.copy" | "polls.delete") => ({ text: intl.formatMessage({ id: name }) });
  const running = meta.can_manage && poll.status === "active";
  return (
    <>
      <ActionError error={copy.error} />
      <Menu
        label={intl.formatMessage({ id: "polls.manage.menu" }, values)}
        trigger={
          <IconButton label={intl.formatMessage({ id: "polls.manage.menu" }, values)}>
            <Ellipsis className="i" aria-hidden="true" />
          </IconButton>
        }
      >
        {meta.can_read_results && poll.phase !== "draft" && (
          <MenuItem {...item("polls.results.open")} href={`/polls/${poll.id}/results`}>
            <BarChart3 className="i s" aria-hidden="true" />
            <FormattedMessage id="polls.results.open" />
          </MenuItem>
        )}
        {running && poll.phase !== "closed" && (
          <MenuItem {...item("polls.close")} onAction={() => setAsking("close")}>
            <CircleStop className="i s" aria-hidden="true" />
            <FormattedMessage id="polls.close" />
          </MenuItem>
        )}
        {mayCreate && (
          <MenuItem {...item("polls.copy")} onAction={() => copy.start()}>
            <Copy className="i s" aria-hidden="true" />
            <FormattedMessage id="polls.copy" />
          </MenuItem>
        )}
        {meta.can_delete && (
          <MenuItem {...item("polls.delete")} danger onAction={() => setAsking("delete")}>
            <Trash2 className="i s" aria-hidden="true" />
            <FormattedMessage id="polls.delete" />
          </MenuItem>
        )}
      </Menu>
      <Confirm
        open={asking === "close"}
        onClose={() => setAsking(undefined)}
        title={intl.formatMessage({ id: "polls.close.title" }, values)}
        action={intl.formatMessage({ id: "polls.close" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        pending={close.pending}
        onConfirm={() => close.start()}
      >
        <FormattedMessage id="polls.close.text" />
        <ActionError error={close.error} />
      </Confirm>
      <Confirm
        open={asking === "delete"}
        onClose={() => setAsking(undefined)}
        title={intl.formatMessage({ id: "polls.delete.title" }, values)}
        action={intl.formatMessage({ id: "polls.delete" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={remove.pending}
        onConfirm={() => remove.start()}
      >
        <FormattedMessage id="polls.delete.text" />
        <ActionError error={remove.error} />
      </Confirm>
    </>
  );
}
