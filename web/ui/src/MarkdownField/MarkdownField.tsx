import { Bold, Italic, Link2, List, Quote, type LucideIcon } from "lucide-react";
import { useId, useRef, useState, type KeyboardEvent } from "react";
import { IconButton } from "../Button/Button.tsx";
import { ServerHtml } from "../ServerHtml/ServerHtml.tsx";
import { TextArea } from "../TextArea/TextArea.tsx";
import { applied, type Mark } from "./marks.ts";

export interface MarkdownWords {
  write: string;
  preview: string;
  /** What the preview says when there is no text. */
  nothing: string;
  bold: string;
  italic: string;
  link: string;
  list: string;
  quote: string;
}

interface MarkdownFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** The HTML that the text would have. Without it there is no preview. */
  preview?: ((text: string) => Promise<string>) | undefined;
  words: MarkdownWords;
  error?: string | undefined;
  placeholder?: string;
  rows?: number;
}

const marks: { mark: Mark; icon: LucideIcon; key?: string }[] = [
  { mark: "bold", icon: Bold, key: "b" },
  { mark: "italic", icon: Italic, key: "i" },
  { mark: "link", icon: Link2 },
  { mark: "list", icon: List },
  { mark: "quote", icon: Quote },
];

type Preview = { html: string } | { failed: true } | "waiting";

/** Text in Markdown, with a preview that the server renders. */
export function MarkdownField({ label, value, onChange, preview, words, error, placeholder, rows = 5 }: MarkdownFieldProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const panel = useId();
  const [shown, setShown] = useState<Preview>();
  const mark = (m: Mark) => {
    const box = area.current;
    if (!box) return;
    const next = applied(m, box.value, box.selectionStart, box.selectionEnd);
    onChange(next.text);
    requestAnimationFrame(() => {
      box.focus();
      box.setSelectionRange(next.start, next.end);
    });
  };
  const pressed = (e: KeyboardEvent) => {
    const found = (e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey ? marks.find((m) => m.key === e.key.toLowerCase()) : undefined;
    if (!found) return;
    e.preventDefault();
    mark(found.mark);
  };
  const look = () => {
    if (!preview || value.trim() === "") return setShown({ html: "" });
    setShown("waiting");
    preview(value).then(
      (html) => setShown({ html }),
      () => setShown({ failed: true }),
    );
  };
  return (
    <div className="markdown" onKeyDown={pressed} role="presentation">
      <div className="markdown-bar">
        {preview && (
          <div className="choice" role="group" aria-label={`${words.write} / ${words.preview}`}>
            <button type="button" aria-pressed={shown === undefined} aria-controls={panel} onClick={() => setShown(undefined)}>
              {words.write}
            </button>
            <button type="button" aria-pressed={shown !== undefined} aria-controls={panel} onClick={look}>
              {words.preview}
            </button>
          </div>
        )}
        {shown === undefined && (
          <div className="markdown-marks">
            {marks.map(({ mark: m, icon: Icon }) => (
              <IconButton key={m} label={words[m]} onPress={() => mark(m)}>
                <Icon className="i s" aria-hidden="true" />
              </IconButton>
            ))}
          </div>
        )}
      </div>
      <div id={panel}>
        {shown === undefined ? (
          <TextArea
            label={label}
            hideLabel
            value={value}
            onChange={onChange}
            areaRef={area}
            rows={rows}
            error={error}
            {...(placeholder !== undefined && { placeholder })}
          />
        ) : (
          <div className="markdown-preview" aria-live="polite" aria-busy={shown === "waiting"}>
            {shown !== "waiting" && "failed" in shown && <p className="prose">{value}</p>}
            {shown !== "waiting" &&
              "html" in shown &&
              (shown.html ? <ServerHtml html={shown.html} /> : <p className="muted">{words.nothing}</p>)}
          </div>
        )}
      </div>
    </div>
  );
}
