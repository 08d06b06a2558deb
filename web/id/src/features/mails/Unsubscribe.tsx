import { FormattedMessage } from "react-intl";
import { Button } from "@updspace/ui/Button";
import { boot } from "../../boot.ts";
import { Gate } from "../../shell/Gate.tsx";

/**
 * Asks before ending the mails of the kind that a link came with: mail scanners open links, too. The button posts to the address of
 * the page, as mail programs do, and the server answers with the page again.
 */
export function Unsubscribe() {
  const { mails } = boot.forms;
  if (!mails) throw new Error("there are no mails");
  const { ended } = mails;
  const name = <bdi>{mails.from}</bdi>;
  return (
    <Gate
      title={<FormattedMessage id={ended ? "unsubscribed.title" : "unsubscribe.title"} />}
      lead={<FormattedMessage id={ended ? "unsubscribed.lead" : "unsubscribe.lead"} values={{ name }} />}
    >
      <form method="post">
        {ended && <input type="hidden" name="again" value="1" />}
        <Button type="submit" variant={ended ? "line" : "primary"} size="big" wide>
          <FormattedMessage id={ended ? "unsubscribed.again" : "unsubscribe.button"} />
        </Button>
      </form>
    </Gate>
  );
}
