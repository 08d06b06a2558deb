import { useIntl } from "react-intl";

/** What the crop of a picture says. */
export function useCropWords() {
  const intl = useIntl();
  return {
    area: intl.formatMessage({ id: "crop.area" }),
    help: intl.formatMessage({ id: "crop.help" }),
    zoom: intl.formatMessage({ id: "crop.zoom" }),
    done: intl.formatMessage({ id: "action.save" }),
    cancel: intl.formatMessage({ id: "action.cancel" }),
    broken: intl.formatMessage({ id: "crop.broken" }),
  };
}
