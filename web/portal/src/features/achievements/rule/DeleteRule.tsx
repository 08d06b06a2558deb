import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ApiError, gamification, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Confirm } from "@updspace/ui/Confirm";
import { FormattedMessage, useIntl } from "react-intl";
import { achievementKeys, unchanged } from "../parts.ts";
import { achievementQuery } from "../queries.ts";
import { ruleQuery } from "../ruleQueries.ts";

interface DeleteRuleProps {
  id: string;
  version: number;
  onClose: () => void;
  /** Another manager was faster. */
  onChanged: () => Promise<void>;
}

/** Asks before the rule is deleted, and leads back to the achievement. */
export function DeleteRule({ id, version, onClose, onChanged }: DeleteRuleProps) {
  const intl = useIntl();
  const navigate = useNavigate();
  const client = useQueryClient();
  const remove = useAction({
    run: async (_: void, headers) => {
      const params = { path: { achievement_id: id }, header: { ...headers, ...unchanged({ version }) } };
      try {
        await ok(gamification.DELETE("/api/v1/gamification/achievements/{achievement_id}/rule", { params }));
      } catch (e) {
        if (e instanceof ApiError && e.code === "RULE_CHANGED") await onChanged();
        throw e;
      }
      client.setQueryData(achievementQuery(id).queryKey, (a) => a && { ...a, has_rule: false });
      await navigate({ to: "/achievements/$id", params: { id }, replace: true });
      client.removeQueries({ queryKey: ruleQuery(id).queryKey });
    },
    stale: achievementKeys,
    done: intl.formatMessage({ id: "rules.deleted" }),
  });
  return (
    <Confirm
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "rules.delete.title" })}
      action={intl.formatMessage({ id: "rules.delete" })}
      cancel={intl.formatMessage({ id: "action.cancel" })}
      danger
      pending={remove.pending}
      onConfirm={() => remove.start()}
    >
      <p>
        <FormattedMessage id="rules.delete.text" />
      </p>
      <ActionError error={remove.error} />
    </Confirm>
  );
}
