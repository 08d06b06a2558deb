import { useDraft } from "@updspace/kit/drafts.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import type { Group } from "@updspace/kit/groups.tsx";
import { Button } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { TextArea } from "@updspace/ui/TextArea";
import { FormattedMessage, useIntl } from "react-intl";
import { useSession } from "../../session.ts";
import { useAsk } from "./actions.ts";

/** Asks to become a member, with a few words to those who decide. */
export function AskDialog({ group, onClose }: { group: Group; onClose: () => void }) {
  const intl = useIntl();
  const session = useSession();
  const [message, setMessage, forget] = useDraft(`${session.user.id}:ask:${group.id}`, "");
  const ask = useAsk(group, () => {
    forget();
    onClose();
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "groups.ask.title" }, { name: group.name })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          ask.start(message);
        }}
      >
        <ActionError error={ask.error} />
        <TextArea
          label={intl.formatMessage({ id: "groups.ask.message" })}
          help={intl.formatMessage({ id: "groups.ask.help" })}
          value={message}
          onChange={setMessage}
          maxLength={1000}
          autoFocus
          error={fieldErrors(intl, ask.error)["message"]}
        />
        <div className="btns right">
          <Button onPress={onClose}>
            <FormattedMessage id="action.cancel" />
          </Button>
          <Button type="submit" variant="primary" pending={ask.pending}>
            <FormattedMessage id="groups.ask.send" />
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
