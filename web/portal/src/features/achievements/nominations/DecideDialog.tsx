import { useQueryClient } from "@tanstack/react-query";
import { ApiError, gamification, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { usePersonName } from "@updspace/kit/people.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Confirm } from "@updspace/ui/Confirm";
import { Switch } from "@updspace/ui/Switch";
import { TextArea } from "@updspace/ui/TextArea";
import { useState } from "react";
import { useIntl } from "react-intl";
import { achievementKeys } from "../parts.ts";
import { useTexts } from "../words.tsx";
import { nominationsKey, type Nominated } from "./queries.ts";

const longest = 1000;

export type Decision = "approve" | "decline";

interface DecideDialogProps {
  nominated: Nominated;
  decision: Decision;
  onClose: () => void;
}

/** Approves a nomination, which grants the achievement, or declines it. The reason is what the people read. */
export function DecideDialog({ nominated: { nomination: n, achievement }, decision, onClose }: DecideDialogProps) {
  const intl = useIntl();
  const texts = useTexts();
  const client = useQueryClient();
  const name = usePersonName(n.nominee_id);
  const title = achievement ? texts(achievement.name_i18n) : "";
  const [reason, setReason] = useState(decision === "approve" ? n.text : "");
  const [hidden, setHidden] = useState(false);
  const decide = useAction({
    run: async (_: void, headers) => {
      const params = { path: { nomination_id: n.id } };
      const said = reason.trim() === "" ? {} : { reason: reason.trim() };
      const body = { ...said, visibility: hidden ? ("private" as const) : ("public" as const) };
      try {
        return await ok(
          decision === "approve"
            ? gamification.POST("/api/v1/gamification/nominations/{nomination_id}/approve", { params, body, headers })
            : gamification.POST("/api/v1/gamification/nominations/{nomination_id}/decline", { params, body: said, headers }),
        );
      } catch (e) {
        // Decided by another, or gone: the list behind shows it.
        if (e instanceof ApiError && (e.status === 409 || e.status === 404)) await client.invalidateQueries({ queryKey: [nominationsKey] });
        throw e;
      }
    },
    stale: [[nominationsKey], ...achievementKeys],
    done: intl.formatMessage({ id: `achievements.nominations.${decision}.done` }, { name, title }),
    onDone: onClose,
  });
  return (
    <Confirm
      open
      onClose={onClose}
      title={intl.formatMessage({ id: `achievements.nominations.${decision}.title` }, { name, title })}
      action={intl.formatMessage({ id: `achievements.nominations.${decision}` })}
      cancel={intl.formatMessage({ id: "action.cancel" })}
      danger={decision === "decline"}
      pending={decide.pending}
      onConfirm={() => decide.start()}
    >
      <TextArea
        label={intl.formatMessage({ id: "achievements.nominations.reason" })}
        help={intl.formatMessage({ id: `achievements.nominations.${decision}.reason` })}
        value={reason}
        onChange={setReason}
        maxLength={longest}
        rows={3}
      />
      {decision === "approve" && (
        <div className="card">
          <Switch
            label={intl.formatMessage({ id: "achievements.grant.private" })}
            help={intl.formatMessage({ id: "achievements.grant.private.help" })}
            checked={hidden}
            onChange={setHidden}
          />
        </div>
      )}
      <ActionError error={decide.error} />
    </Confirm>
  );
}
