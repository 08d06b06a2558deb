import { Check, LogOut } from "lucide-react";
import { ApiError } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { groupPath, type Group } from "@updspace/kit/groups.tsx";
import { Button } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { Menu, MenuItem } from "@updspace/ui/Menu";
import { TextLink } from "@updspace/ui/TextLink";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { useLeave } from "./actions.ts";

/** What one is in a group, and the way out. */
export function Membership({ group }: { group: Group }) {
  const intl = useIntl();
  const [asking, setAsking] = useState(false);
  const leave = useLeave(group, () => setAsking(false));
  const lastOwner = leave.error instanceof ApiError && leave.error.code === "LAST_OWNER";
  const role = group.my_role ?? "member";
  return (
    <>
      <Menu
        label={intl.formatMessage({ id: "groups.membership" })}
        trigger={
          <Button>
            <Check className="i s" aria-hidden="true" />
            <FormattedMessage id={`groups.role.${role}`} />
          </Button>
        }
      >
        <MenuItem text={intl.formatMessage({ id: "groups.leave" })} danger onAction={() => setAsking(true)}>
          <LogOut className="i s" aria-hidden="true" />
          <FormattedMessage id="groups.leave" />
        </MenuItem>
      </Menu>
      <Confirm
        open={asking}
        onClose={() => {
          setAsking(false);
          leave.reset();
        }}
        title={intl.formatMessage({ id: "groups.leave.title" }, { name: group.name })}
        action={intl.formatMessage({ id: "groups.leave" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={leave.pending}
        onConfirm={() => leave.start()}
      >
        <p>
          <FormattedMessage id={group.kind === "COMMUNITY" ? "groups.leave.community" : "groups.leave.team"} />
        </p>
        {lastOwner ? (
          <div className="form-errors" role="alert">
            <p className="strong">
              <FormattedMessage id="groups.leave.lastOwner" />
            </p>
            <p>
              <TextLink href={`${groupPath(group)}/manage?part=settings`}>
                <FormattedMessage id="groups.leave.handOver" />
              </TextLink>
            </p>
          </div>
        ) : (
          <ActionError error={leave.error} />
        )}
      </Confirm>
    </>
  );
}
