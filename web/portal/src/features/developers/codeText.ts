import { known } from "@updspace/kit/errors.tsx";
import type { IntlShape } from "react-intl";

/** The sentence that people see for an error code. */
export function codeText(intl: IntlShape, code: string): string {
  const id = `error.${code}`;
  return known(intl, id) ? intl.formatMessage({ id }) : "";
}
