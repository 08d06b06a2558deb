// Rules of form fields, checked before anything is sent, with our own sentences: the servers' are English.
import type { IntlShape } from "react-intl";
import * as v from "valibot";

export interface TextRule {
  required?: boolean;
  /** Characters, as the servers count them: code points. */
  max: number;
}

const length = (s: string) => [...s].length;

/** The schemas of fields, in the reader's language. */
export function rules(intl: IntlShape) {
  return {
    text: ({ required = false, max }: TextRule) =>
      v.pipe(
        v.string(),
        v.trim(),
        v.check((s) => !required || s !== "", intl.formatMessage({ id: "field.REQUIRED" })),
        v.check((s) => length(s) <= max, intl.formatMessage({ id: "field.TOO_LONG" }, { max })),
      ),
    email: () =>
      v.pipe(
        v.string(),
        v.trim(),
        v.nonEmpty(intl.formatMessage({ id: "field.REQUIRED" })),
        v.email(intl.formatMessage({ id: "field.INVALID_EMAIL" })),
      ),
    integer: ({ min, max }: { min: number; max: number }) =>
      v.pipe(
        v.number(intl.formatMessage({ id: "field.OUT_OF_RANGE" }, { min, max, kind: "both" })),
        v.check(
          (n) => Number.isInteger(n) && n >= min && n <= max,
          intl.formatMessage({ id: "field.OUT_OF_RANGE" }, { min, max, kind: "both" }),
        ),
      ),
  };
}
