import { ok, portal } from "@updspace/kit/api.ts";
import { atField } from "@updspace/kit/forms.tsx";
import { groupPath } from "@updspace/kit/groups.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Dialog } from "@updspace/ui/Dialog";
import { useNavigate } from "@tanstack/react-router";
import { useIntl } from "react-intl";
import { GroupForm, newGroup, type GroupDraft } from "./GroupForm.tsx";
import { groupStale } from "./queries.ts";

interface FoundDialogProps {
  /** The community of a new team; a new community when left out. */
  within?: string;
  onClose: () => void;
}

/** Founds a community or a team, and goes there. */
export function FoundDialog({ within, onClose }: FoundDialogProps) {
  const intl = useIntl();
  const navigate = useNavigate();
  const found = useAction({
    run: (draft: GroupDraft, headers) =>
      atField(
        within === undefined
          ? ok(portal.POST("/api/v1/portal/communities", { body: draft, headers }))
          : ok(portal.POST("/api/v1/portal/teams", { body: { ...draft, community_id: within }, headers })),
        "ALREADY_EXISTS",
        "name",
        intl.formatMessage({ id: "groups.name.taken" }),
      ),
    stale: groupStale,
    done: (group) => intl.formatMessage({ id: "groups.founded" }, { name: group.name }),
    onDone: (group) => {
      onClose();
      void navigate({ href: groupPath(group) });
    },
  });
  const team = within !== undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: team ? "groups.found.team" : "groups.found.community" })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <GroupForm
        kind={team ? "TEAM" : "COMMUNITY"}
        value={newGroup}
        action={found}
        save={intl.formatMessage({ id: "groups.found" })}
        onSave={found.start}
        onCancel={onClose}
      />
    </Dialog>
  );
}
