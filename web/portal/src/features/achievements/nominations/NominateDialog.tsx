import { gamification, ok } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { PeopleField } from "@updspace/kit/peopleField.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { TextArea } from "@updspace/ui/TextArea";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { useSession } from "../../../session.ts";
import type { Achievement } from "../queries.ts";
import { useTexts } from "../words.tsx";
import { nominationsKey } from "./queries.ts";

const longest = 1000;

/** Proposes another member for the achievement; those who grant it decide. */
export function NominateDialog({ achievement, onClose }: { achievement: Achievement; onClose: () => void }) {
  const intl = useIntl();
  const me = useSession().user.id;
  const name = useTexts()(achievement.name_i18n);
  const [nominee, setNominee] = useState<string>();
  const [text, setText] = useState("");
  const nominate = useAction({
    run: (_: void, headers) =>
      ok(
        gamification.POST("/api/v1/gamification/achievements/{achievement_id}/nominations", {
          params: { path: { achievement_id: achievement.id } },
          body: { nominee_id: nominee ?? "", text: text.trim() },
          headers,
        }),
      ),
    stale: [[nominationsKey]],
    done: intl.formatMessage({ id: "achievements.nominate.done" }),
    onDone: onClose,
  });
  const errors = fieldErrors(intl, nominate.error);
  const atFields = ["nominee_id", "text"].some((field) => field in errors);
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "achievements.nominate.title" }, { name })}
      closeLabel={intl.formatMessage({ id: "action.close" })}
    >
      <form
        className="vstack"
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          nominate.start();
        }}
      >
        {!atFields && <ActionError error={nominate.error} />}
        <p className="muted">
          <FormattedMessage id="achievements.nominate.text" />
        </p>
        <PeopleField
          label={intl.formatMessage({ id: "achievements.nominate.who" })}
          {...(achievement.scope_type !== "TENANT" && { within: { kind: achievement.scope_type, id: achievement.scope_id } })}
          except={[me]}
          onPick={setNominee}
          error={errors["nominee_id"]}
        />
        <TextArea
          label={intl.formatMessage({ id: "achievements.nominate.why" })}
          help={intl.formatMessage({ id: "achievements.nominate.why.help" })}
          value={text}
          onChange={setText}
          maxLength={longest}
          rows={3}
          error={errors["text"]}
        />
        <div className="btns right">
          <Button onPress={onClose}>
            <FormattedMessage id="action.cancel" />
          </Button>
          <Button type="submit" variant="primary" disabled={nominee === undefined || text.trim() === ""} pending={nominate.pending}>
            <FormattedMessage id="achievements.nominate" />
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
