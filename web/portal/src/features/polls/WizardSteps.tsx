import { Steps } from "@updspace/ui/Steps";
import { FormattedMessage, useIntl } from "react-intl";
import css from "./Manage.module.css";

export const wizard = ["template", "questions", "rules", "check"] as const;

export type WizardStep = (typeof wizard)[number];

/** The way from nothing to a published poll. The first step is behind once there is a draft. */
export function WizardSteps({ id, at }: { id?: string; at: WizardStep }) {
  const intl = useIntl();
  const place = wizard.indexOf(at);
  return (
    <div className={css["wizard"]}>
      <p className="small muted">
        <FormattedMessage
          id="polls.wizard"
          values={{ place: place + 1, of: wizard.length, name: <b>{intl.formatMessage({ id: `polls.wizard.${at}` })}</b> }}
        />
      </p>
      {id !== undefined && (
        <Steps
          label={intl.formatMessage({ id: "polls.wizard.label" })}
          steps={wizard.map((s, i) => ({
            ...(s !== "template" && { href: `/polls/${id}/manage?tab=${s}` }),
            name: intl.formatMessage({ id: `polls.wizard.${s}` }),
            done: i < place,
            current: s === at,
          }))}
        />
      )}
    </div>
  );
}
