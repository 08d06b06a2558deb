// Errors in the reader's language. Sentences are keyed by the servers' codes (messages: error.CODE, field.CODE).
import { Button } from "@updspace/ui/Button";
import { ErrorPanel } from "@updspace/ui/ErrorPanel";
import { useEffect, useState } from "react";
import { useIntl, type IntlShape } from "react-intl";
import { ApiError, type FieldReason } from "./answer.ts";
import type { MessageId } from "./words.tsx";

/** Whether there is a sentence for the id, which is put together from a code. */
export function known(intl: IntlShape, id: string): id is MessageId {
  return id in intl.messages;
}

/** The sentence for an error: by its code, else by its status, else the server's own words. */
export function errorText(intl: IntlShape, error: unknown): string {
  if (!(error instanceof ApiError)) return intl.formatMessage({ id: "error.UNKNOWN" });
  const id = `error.${error.code}`;
  if (known(intl, id)) return intl.formatMessage({ id });
  return error.message || intl.formatMessage({ id: "error.UNKNOWN" });
}

/** Which ends a range has: the sentence of OUT_OF_RANGE depends on it. */
function rangeKind(params: FieldReason["params"]): "both" | "min" | "max" | "none" {
  const { min, max } = params ?? {};
  if (min !== undefined && max !== undefined) return "both";
  return min !== undefined ? "min" : max !== undefined ? "max" : "none";
}

/** The errors of fields, by field, in the reader's language. */
export function fieldErrors(intl: IntlShape, error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  const said: Record<string, string> = { ...error.fields };
  for (const { field, code, params } of error.reasons) {
    const id = `field.${code}`;
    if (known(intl, id)) said[field] = intl.formatMessage({ id }, { ...params, kind: rangeKind(params) });
  }
  return said;
}

/** The seconds that the server asks to wait after the error, counted down. */
export function useSecondsLeft(error: unknown): number {
  const wait = error instanceof ApiError ? (error.retryAfter ?? 0) : 0;
  const [state, setState] = useState({ error, left: wait });
  if (state.error !== error) setState({ error, left: wait });
  useEffect(() => {
    if (state.left <= 0) return;
    const timer = setTimeout(() => setState((s) => ({ ...s, left: s.left - 1 })), 1000);
    return () => clearTimeout(timer);
  }, [state]);
  return state.left;
}

/** An error beside the action that it belongs to. Errors of fields stand at their fields instead. */
export function ActionError({ error }: { error: unknown }) {
  const intl = useIntl();
  const left = useSecondsLeft(error);
  if (!error) return null;
  const fields = Object.entries(fieldErrors(intl, error));
  return (
    <div className="form-errors" role="alert">
      <p className="strong">{errorText(intl, error)}</p>
      {fields.length > 0 && (
        <ul className="small">
          {fields.map(([field, text]) => (
            <li key={field}>{text}</li>
          ))}
        </ul>
      )}
      {left > 0 && (
        <p className="small" role="timer">
          {intl.formatMessage({ id: "error.wait" }, { seconds: left })}
        </p>
      )}
      {error instanceof ApiError && error.status >= 500 && (
        <p className="label muted">{intl.formatMessage({ id: "error.reference" }, { id: error.requestId })}</p>
      )}
    </div>
  );
}

interface ErrorPageProps {
  error: unknown;
  retry?: () => void;
  /** It stands for the whole page, which has no other heading. */
  page?: boolean;
}

/** A page, or a part of it, that could not be read. 404 and 403 say what that means here; everything else can be tried again. */
export function ErrorPage({ error, retry, page = false }: ErrorPageProps) {
  const intl = useIntl();
  const status = error instanceof ApiError ? error.status : -1;
  const reference =
    error instanceof ApiError && error.requestId ? intl.formatMessage({ id: "error.reference" }, { id: error.requestId }) : undefined;
  const title =
    status === 404
      ? intl.formatMessage({ id: "error.page.missing" })
      : status === 403
        ? intl.formatMessage({ id: "error.page.forbidden" })
        : status === 0
          ? intl.formatMessage({ id: "error.page.offline" })
          : intl.formatMessage({ id: "error.page.failed" });
  return (
    <ErrorPanel
      title={title}
      page={page}
      reference={status === 404 ? undefined : reference}
      action={retry && status !== 404 && status !== 403 && <Button onPress={retry}>{intl.formatMessage({ id: "action.retry" })}</Button>}
    >
      {errorText(intl, error)}
    </ErrorPanel>
  );
}
