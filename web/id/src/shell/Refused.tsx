import { FormattedMessage, useIntl } from "react-intl";
import { ApiError } from "@updspace/kit/answer.ts";
import { errorText } from "@updspace/kit/errors.tsx";
import { Button } from "@updspace/ui/Button";
import { boot } from "../boot.ts";
import { Gate } from "./Gate.tsx";
import { HomeButton } from "./HomeButton.tsx";

/** What the server refused or could not do, at whatever address. */
export function Refused() {
  const { error } = boot.forms;
  const intl = useIntl();
  if (!error) throw new Error("there is no error");
  const known = new ApiError(error.status, error.code, error.message, {}, [], undefined, error.request_id, {});
  return (
    <Gate title={intl.formatMessage({ id: "refused.title" })} lead={errorText(intl, known)}>
      <div className="vstack s">
        <p className="label muted">
          <FormattedMessage id="refused.code" values={{ code: <code>{error.code}</code> }} />
          <br />
          <FormattedMessage id="error.reference" values={{ id: error.request_id }} />
        </p>
      </div>
      <div className="vstack s">
        {error.status >= 500 && (
          <Button variant="primary" size="big" wide onPress={() => location.reload()}>
            <FormattedMessage id="action.retry" />
          </Button>
        )}
        <HomeButton />
      </div>
    </Gate>
  );
}
