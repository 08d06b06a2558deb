import { ok, portal } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import type { Group } from "@updspace/kit/groups.tsx";
import { usePersonName } from "@updspace/kit/people.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { Select } from "@updspace/ui/Select";
import { TextArea } from "@updspace/ui/TextArea";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { inDays } from "./spans.ts";
import { groupStale } from "./queries.ts";

const spans = ["1", "7", "30", "ever"] as const;
type Span = (typeof spans)[number];

interface BanDialogProps {
  group: Group;
  user: string;
  onClose: () => void;
}

/** Keeps a person out of a group, for a time or for good. */
export function BanDialog({ group, user, onClose }: BanDialogProps) {
  const intl = useIntl();
  const name = usePersonName(user);
  const [reason, setReason] = useState("");
  const [span, setSpan] = useState<Span>("7");
  const ban = useAction({
    run: (input: { reason: string; span: Span }, headers) =>
      ok(
        portal.PUT("/api/v1/portal/groups/{group_id}/bans/{user_id}", {
          params: { path: { group_id: group.id, user_id: user } },
          body: { reason: input.reason, until: input.span === "ever" ? null : inDays(Number(input.span)) },
          headers,
        }),
      ),
    stale: groupStale,
    done: intl.formatMessage({ id: "groups.banned" }, { name }),
    onDone: onClose,
  });
  return (
    <Dialog
      open
      alert
      onClose={onClose}
      title={intl.formatMessage({ id: "groups.ban.title" }, { name, group: group.name })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          ban.start({ reason, span });
        }}
      >
        <p className="muted">
          <FormattedMessage id={group.kind === "COMMUNITY" ? "groups.ban.community" : "groups.ban.team"} />
        </p>
        <ActionError error={ban.error} />
        <TextArea
          label={intl.formatMessage({ id: "groups.ban.reason" })}
          help={intl.formatMessage({ id: "groups.ban.reason.help" })}
          value={reason}
          onChange={setReason}
          maxLength={1000}
          rows={3}
          autoFocus
          error={fieldErrors(intl, ban.error)["reason"]}
        />
        <Select
          label={intl.formatMessage({ id: "groups.ban.span" })}
          value={span}
          onChange={setSpan}
          choices={spans.map((s) => ({
            id: s,
            name:
              s === "ever"
                ? intl.formatMessage({ id: "groups.ban.ever" })
                : intl.formatMessage({ id: "groups.days" }, { count: Number(s) }),
          }))}
        />
        <div className="btns right">
          <Button onPress={onClose}>
            <FormattedMessage id="action.cancel" />
          </Button>
          <Button type="submit" variant="danger" pending={ban.pending}>
            <FormattedMessage id="groups.ban" />
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
