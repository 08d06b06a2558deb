import { Check, Hourglass } from "lucide-react";
import { ActionError } from "@updspace/kit/errors.tsx";
import type { Group } from "@updspace/kit/groups.tsx";
import { Button } from "@updspace/ui/Button";
import { lazy, startTransition, Suspense, useState } from "react";
import { FormattedMessage } from "react-intl";
import { useAnswerInvite, useCancelRequest, useJoin } from "./actions.ts";

const AskDialog = lazy(async () => ({ default: (await import("./AskDialog.tsx")).AskDialog }));

interface JoinButtonProps {
  group: Group;
  size?: "s";
  /** The one primary button of its page. */
  primary?: boolean;
}

/** The way into a group for those who are not in it: join, ask, wait, or answer an invitation. */
export function JoinButton({ group, size, primary }: JoinButtonProps) {
  const join = useJoin(group);
  const answer = useAnswerInvite();
  const cancel = useCancelRequest();
  const [asking, setAsking] = useState(false);
  const look = { ...(size && { size }), ...(primary && { variant: "primary" as const }) };
  if (group.status === "archived") return null;
  if (group.my_state === "member") {
    return (
      <span className="state ok">
        <Check className="i s" aria-hidden="true" />
        <FormattedMessage id="groups.member" />
      </span>
    );
  }
  const { my_invite_id: invite, my_join_request_id: request } = group;
  if (invite !== null) {
    return (
      <div className="vstack s">
        <div className="btns">
          <Button {...look} pending={answer.pending} onPress={() => answer.start({ id: invite, accept: true })}>
            <FormattedMessage id="groups.invite.accept" />
          </Button>
          <Button
            {...(size && { size })}
            variant="quiet"
            disabled={answer.pending}
            onPress={() => answer.start({ id: invite, accept: false })}
          >
            <FormattedMessage id="groups.invite.decline" />
          </Button>
        </div>
        <ActionError error={answer.error} />
      </div>
    );
  }
  if (request !== null) {
    return (
      <div className="btns">
        <span className="state warn">
          <Hourglass className="i s" aria-hidden="true" />
          <FormattedMessage id="groups.waiting" />
        </span>
        <Button {...(size && { size })} variant="quiet" pending={cancel.pending} onPress={() => cancel.start({ group: group.id, request })}>
          <FormattedMessage id="groups.request.cancel" />
        </Button>
        <ActionError error={cancel.error} />
      </div>
    );
  }
  if (group.join_policy === "invite") return null;
  if (group.join_policy === "request") {
    return (
      <>
        <Button {...look} onPress={() => startTransition(() => setAsking(true))}>
          <FormattedMessage id="groups.ask" />
        </Button>
        <Suspense>{asking && <AskDialog group={group} onClose={() => setAsking(false)} />}</Suspense>
      </>
    );
  }
  return (
    <div className="vstack s">
      <Button {...look} pending={join.pending} onPress={() => join.start()}>
        <FormattedMessage id="groups.join" />
        <span className="vh"> {group.name}</span>
      </Button>
      <ActionError error={join.error} />
    </div>
  );
}
