import { useIntl } from "react-intl";
import { Gate } from "./Gate.tsx";
import { HomeButton } from "./HomeButton.tsx";

export function Missing() {
  const intl = useIntl();
  return (
    <Gate title={intl.formatMessage({ id: "missing.title" })} lead={intl.formatMessage({ id: "missing.text" })}>
      <HomeButton />
    </Gate>
  );
}
