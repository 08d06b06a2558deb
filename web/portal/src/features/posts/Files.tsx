import { FileText, RotateCcw, X } from "lucide-react";
import { errorText } from "@updspace/kit/errors.tsx";
import { IconButton } from "@updspace/ui/Button";
import { useIntl } from "react-intl";
import style from "./posts.module.css";
import type { Attachment } from "./queries.ts";
import type { Upload } from "./useAttachments.ts";

/** "420 kB": a size in the reader's language. */
export function useSize(): (bytes: number) => string {
  const intl = useIntl();
  return (bytes) =>
    bytes >= 1_000_000
      ? intl.formatNumber(bytes / 1_000_000, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 })
      : intl.formatNumber(Math.max(1, Math.round(bytes / 1000)), { style: "unit", unit: "kilobyte" });
}

const longestAltText = 500;

interface FilesProps {
  attachments: readonly Attachment[];
  uploads: readonly Upload[];
  onDescribe: (a: Attachment, text: string) => void;
  onRemove: (a: Attachment) => void;
  onForget: (key: string) => void;
  onAgain: (u: Upload) => void;
}

/** The files of a post while it is written: those that are there, those on their way, those that failed. */
export function Files({ attachments, uploads, onDescribe, onRemove, onForget, onAgain }: FilesProps) {
  const intl = useIntl();
  const size = useSize();
  if (attachments.length + uploads.length === 0) return null;
  return (
    <ul className={style["files"]} aria-label={intl.formatMessage({ id: "posts.files" })}>
      {attachments.map((a) => (
        <li key={a.id}>
          {a.inline ? <img src={a.url} alt="" /> : <FileText className="i" aria-hidden="true" />}
          <div className="grow small vstack xs">
            <span>
              <bdi>{a.file_name}</bdi> <span className="muted">{size(a.size)}</span>
            </span>
            {a.inline && (
              <input
                className="input"
                dir="auto"
                aria-label={intl.formatMessage({ id: "posts.file.alt" }, { name: a.file_name })}
                placeholder={intl.formatMessage({ id: "posts.file.alt.hint" })}
                value={a.alt_text}
                maxLength={longestAltText}
                onChange={(e) => onDescribe(a, e.target.value)}
              />
            )}
          </div>
          <IconButton label={intl.formatMessage({ id: "posts.file.remove" }, { name: a.file_name })} onPress={() => onRemove(a)}>
            <X className="i s" aria-hidden="true" />
          </IconButton>
        </li>
      ))}
      {uploads.map((u) => (
        <li key={u.key}>
          <FileText className="i" aria-hidden="true" />
          <span className="grow small">
            <bdi>{u.file.name}</bdi>
            {u.error === undefined ? (
              <progress
                className={style["progress"]}
                value={u.sent}
                aria-label={intl.formatMessage({ id: "posts.file.sending" }, { name: u.file.name })}
              />
            ) : (
              <span className="field-error block" role="alert">
                {errorText(intl, u.error)}
              </span>
            )}
          </span>
          {u.error !== undefined && (
            <IconButton label={intl.formatMessage({ id: "posts.file.again" }, { name: u.file.name })} onPress={() => onAgain(u)}>
              <RotateCcw className="i s" aria-hidden="true" />
            </IconButton>
          )}
          <IconButton label={intl.formatMessage({ id: "posts.file.remove" }, { name: u.file.name })} onPress={() => onForget(u.key)}>
            <X className="i s" aria-hidden="true" />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}
