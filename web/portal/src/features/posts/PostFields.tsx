import { Paperclip } from "lucide-react";
import { Button } from "@updspace/ui/Button";
import { FileButton, FileDrop } from "@updspace/ui/FileDrop";
import { MarkdownField } from "@updspace/ui/MarkdownField";
import { Select, type Choice } from "@updspace/ui/Select";
import { TextField } from "@updspace/ui/TextField";
import { useState, type ReactNode } from "react";
import { useIntl } from "react-intl";
import { Files } from "./Files.tsx";
import type { Place } from "./places.ts";
import style from "./posts.module.css";
import { previewOf, type Attachment } from "./queries.ts";
import { maxAttachments, maxBytes, useAttachments } from "./useAttachments.ts";

/** What is written: kept as a draft, and sent. */
export interface PostText {
  title: string;
  body: string;
  place: Place;
  attachments: Attachment[];
}

interface PostFieldsProps {
  value: PostText;
  /** Takes a function as well, since files arrive while one writes. */
  onChange: (change: (now: PostText) => PostText) => void;
  places: readonly Choice<Place>[];
  errors: Readonly<Record<string, string>>;
  publish: string;
  pending: boolean;
  onPublish: () => void;
  /** Beside the button that publishes. */
  children?: ReactNode;
}

const accept =
  "image/png,image/jpeg,image/gif,image/webp,application/pdf,text/plain,text/markdown,.md,application/zip,audio/mpeg,audio/wav,audio/ogg,video/mp4,video/webm";

/** The fields of a post: title, text with preview, files, and who reads it. */
export function PostFields({ value, onChange, places, errors, publish, pending, onPublish, children }: PostFieldsProps) {
  const intl = useIntl();
  const files = useAttachments((a) => onChange((now) => ({ ...now, attachments: [...now.attachments, a] })));
  const room = maxAttachments - value.attachments.length - files.uploads.length;
  const [leftOut, setLeftOut] = useState<string[]>([]);
  const add = (chosen: File[]) => {
    const large = chosen.filter((f) => f.size > maxBytes);
    const rest = chosen.filter((f) => f.size <= maxBytes);
    setLeftOut([
      ...large.map((f) => intl.formatMessage({ id: "posts.file.tooLarge" }, { name: f.name })),
      ...(rest.length > room ? [intl.formatMessage({ id: "posts.file.tooMany" })] : []),
    ]);
    files.add(rest.slice(0, Math.max(0, room)));
  };
  const wrong = errors["attachment_ids"] ?? errors["alt_texts"];
  const empty = value.title.trim() === "" && value.body.trim() === "" && value.attachments.length === 0;
  const place = places.some((p) => p.id === value.place) ? value.place : (places[0]?.id ?? "private");
  return (
    <FileDrop onFiles={add} over={intl.formatMessage({ id: "posts.drop" })}>
      <div
        className={style["fields"]}
        role="presentation"
        onKeyDown={(e) => {
          if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && !empty && !files.busy && !pending) onPublish();
        }}
      >
        <TextField
          label={intl.formatMessage({ id: "posts.title" })}
          value={value.title}
          onChange={(title) => onChange((now) => ({ ...now, title }))}
          maxLength={256}
          error={errors["title"]}
        />
        <MarkdownField
          label={intl.formatMessage({ id: "posts.text" })}
          value={value.body}
          onChange={(body) => onChange((now) => ({ ...now, body }))}
          preview={previewOf}
          error={errors["body"]}
          rows={6}
          words={{
            write: intl.formatMessage({ id: "markdown.write" }),
            preview: intl.formatMessage({ id: "markdown.preview" }),
            nothing: intl.formatMessage({ id: "markdown.nothing" }),
            bold: intl.formatMessage({ id: "markdown.bold" }),
            italic: intl.formatMessage({ id: "markdown.italic" }),
            link: intl.formatMessage({ id: "markdown.link" }),
            list: intl.formatMessage({ id: "markdown.list" }),
            quote: intl.formatMessage({ id: "markdown.quote" }),
          }}
        />
        <Files
          attachments={value.attachments}
          uploads={files.uploads}
          onDescribe={(a, alt_text) =>
            onChange((now) => ({ ...now, attachments: now.attachments.map((o) => (o.id === a.id ? { ...o, alt_text } : o)) }))
          }
          onRemove={(a) => {
            onChange((now) => ({ ...now, attachments: now.attachments.filter((o) => o.id !== a.id) }));
            files.discard(a);
          }}
          onForget={files.forget}
          onAgain={files.again}
        />
        {wrong !== undefined && <p className="field-error">{wrong}</p>}
        <div role="status">
          {leftOut.map((text) => (
            <p key={text} className="field-error">
              {text}
            </p>
          ))}
        </div>
        <div className={style["send"]}>
          <Select
            label={intl.formatMessage({ id: "posts.place" })}
            value={place}
            onChange={(next) => onChange((now) => ({ ...now, place: next }))}
            choices={places}
            error={errors["visibility"]}
          />
          <div className="btns">
            <FileButton onFiles={add} accept={accept} multiple disabled={room <= 0}>
              <Paperclip className="i s" aria-hidden="true" />
              {intl.formatMessage({ id: "posts.attach" })}
            </FileButton>
            {children}
            <Button variant="primary" pending={pending} disabled={empty || files.busy} onPress={onPublish}>
              {publish}
            </Button>
          </div>
        </div>
      </div>
    </FileDrop>
  );
}
